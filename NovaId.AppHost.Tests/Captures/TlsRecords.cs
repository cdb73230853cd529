using System.Buffers.Binary;

namespace NovaId.AppHost.Tests.Captures;

/// <summary>The records of TLS (RFC 8446, section 5.1), as whoever sees only bytes can tell them.</summary>
internal static class TlsRecords
{
    /// <summary>With what a client begins (RFC 8446, section 4).</summary>
    public const byte ClientHello = 1;

    /// <summary>With what a server answers.</summary>
    public const byte ServerHello = 2;

    private const int Header = 5;
    private const byte ChangeCipherSpec = 20;
    private const byte Handshake = 22;
    private const byte ApplicationData = 23;

    /// <summary>The most that a record of TLS 1.2 holds (RFC 5246, section 6.2.3).</summary>
    private const int Longest = (1 << 14) + 2048;

    /// <summary>Whether bytes begin with this message of a handshake.</summary>
    public static bool Begin(ReadOnlySpan<byte> bytes, byte message) => bytes.Length > Header && bytes[0] == Handshake && bytes[Header] == message;

    /// <summary>Whether bytes are records one after the other and nothing else; the last may be cut short.</summary>
    public static bool AreAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (bytes[0] is < ChangeCipherSpec or > ApplicationData || (bytes.Length > 1 && bytes[1] != 3))
            {
                return false;
            }

            if (bytes.Length < Header)
            {
                return true;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
            if (length is 0 or > Longest)
            {
                return false;
            }

            bytes = bytes[Math.Min(bytes.Length, Header + length)..];
        }

        return true;
    }
}
