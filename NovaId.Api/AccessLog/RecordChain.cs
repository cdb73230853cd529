using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NovaId.Api.AccessLog;

/// <summary>
/// The keyed hashes (HMAC-SHA-256) that join each record to the one before it. The canonical form is binary: every value has a tag that says
/// what it is, and a text its length, so that no two contents have the same form (<c>docs/audit.md</c>). One instance serves one thread.
/// </summary>
internal sealed class RecordChain(byte[] key) : IDisposable
{
    public const int HashLength = HMACSHA256.HashSizeInBytes;

    private const byte Nothing = 0;
    private const byte Integer = 1;
    private const byte Real = 2;
    private const byte Text = 3;
    private const byte Bytes = 4;

    private readonly ArrayBufferWriter<byte> _form = new(1024);
    private readonly IncrementalHash _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

    /// <summary>What stands in for the hash before the first record.</summary>
    public static byte[] Beginning { get; } = new byte[HashLength];

    /// <summary>The hash of a record that follows the one with the hash <paramref name="previous"/>.</summary>
    public byte[] Hash(byte[] previous, long id, LogRecord record)
    {
        _form.ResetWrittenCount();
        Write("novaid access log record 1");
        Write(previous);
        Write(id);
        Write(record.Kind);
        Write(record.Time);
        Write(record.Method);
        Write(record.Path);
        Write(record.Route);
        Write(record.Status);
        Write(record.Milliseconds);
        Write(record.Authentication);
        Write(record.Subject);
        Write(record.ClientId);
        Write(record.Rank);
        Write(record.Required);
        Write(record.Allowed);
        Write(record.Reason);
        Write(record.TraceId);
        Write(record.Detail);
        return Authenticate();
    }

    public byte[] Seal(SealedHead head)
    {
        _form.ResetWrittenCount();
        Write("novaid access log head 1");
        Write(head.Segment);
        Write(head.First);
        Write(head.Last);
        Write(head.Hash);
        return Authenticate();
    }

    public bool IsSealed(SealedHead head, byte[] seal) => CryptographicOperations.FixedTimeEquals(Seal(head), seal);

    public void Dispose() => _mac.Dispose();

    private byte[] Authenticate()
    {
        _mac.AppendData(_form.WrittenSpan);
        return _mac.GetHashAndReset();
    }

    private void Write(long? value)
    {
        if (value is not { } number)
        {
            WriteTag(Nothing);
            return;
        }

        WriteTag(Integer);
        BinaryPrimitives.WriteInt64BigEndian(_form.GetSpan(sizeof(long)), number);
        _form.Advance(sizeof(long));
    }

    private void Write(double? value)
    {
        if (value is not { } number)
        {
            WriteTag(Nothing);
            return;
        }

        WriteTag(Real);
        BinaryPrimitives.WriteDoubleBigEndian(_form.GetSpan(sizeof(double)), number);
        _form.Advance(sizeof(double));
    }

    private void Write(string? value)
    {
        if (value is null)
        {
            WriteTag(Nothing);
            return;
        }

        WriteTag(Text);
        WriteLength(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _form);
    }

    private void Write(byte[] value)
    {
        WriteTag(Bytes);
        WriteLength(value.Length);
        _form.Write(value);
    }

    private void WriteTag(byte tag)
    {
        _form.GetSpan(1)[0] = tag;
        _form.Advance(1);
    }

    private void WriteLength(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(_form.GetSpan(sizeof(int)), length);
        _form.Advance(sizeof(int));
    }
}
