using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Keto;

/// <summary>
/// Makes the opaque tokens that lead to the next page, and takes back only its own. Keto encrypts them; here a code (HMAC-SHA256) over them
/// is enough, for what they hold is no secret.
/// </summary>
internal sealed class PageTokens(IReadOnlyList<string> secrets, TimeProvider time)
{
    private const int PayloadLength = 1 + sizeof(long) + sizeof(long);
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly byte[][] _keys = [.. secrets.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Makes a token.</summary>
    /// <param name="order">The order of the list, which is part of the token: one order's place means nothing in another.</param>
    /// <param name="after">The last row of the page before.</param>
    public string Create(byte order, long after)
    {
        Span<byte> token = stackalloc byte[PayloadLength + HMACSHA256.HashSizeInBytes];
        token[0] = order;
        BinaryPrimitives.WriteInt64BigEndian(token[1..], after);
        BinaryPrimitives.WriteInt64BigEndian(token[(1 + sizeof(long))..], (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds());
        HMACSHA256.HashData(_keys[0], token[..PayloadLength], token[PayloadLength..]);
        return GoBase64.Encode(token);
    }

    /// <summary>The row after which the page begins.</summary>
    /// <exception cref="KetoException">The token is forged, too old, or of another order.</exception>
    public long Read(string token, byte order)
    {
        if (GoBase64.Problem(token, isPadded: true) is { } problem)
        {
            throw KetoException.BadRequest($"decode token: {problem}");
        }

        Span<byte> bytes = stackalloc byte[PayloadLength + HMACSHA256.HashSizeInBytes];
        if (!Base64Url.TryDecodeFromChars(token, bytes, out var length) || length != bytes.Length || GoBase64.Encode(bytes) != token || !IsSigned(bytes))
        {
            throw KetoException.BadRequest("decrypt token: %!w(<nil>)");
        }

        if (time.GetUtcNow().ToUnixTimeSeconds() > BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + sizeof(long))..]))
        {
            throw KetoException.Malformed();
        }

        return bytes[0] == order
            ? BinaryPrimitives.ReadInt64BigEndian(bytes[1..])
            : throw KetoException.Malformed("invalid pagination token");
    }

    /// <summary>The first secret signs; the others are old ones, whose tokens are still taken.</summary>
    private bool IsSigned(ReadOnlySpan<byte> token)
    {
        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var key in _keys)
        {
            HMACSHA256.HashData(key, token[..PayloadLength], code);
            if (CryptographicOperations.FixedTimeEquals(code, token[PayloadLength..]))
            {
                return true;
            }
        }

        return false;
    }
}
