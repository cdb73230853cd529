using System.Buffers.Binary;
using System.Buffers.Text;

namespace NovaId.Api.Http;

/// <summary>
/// The page token of the API's own lists: the number of the row behind which the next page begins. Whoever makes one up starts at another
/// place of the same list, and sees no more there than they may.
/// </summary>
internal static class KeysetToken
{
    private const int Length = 9;

    public static string Encode(char list, long row)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = (byte)list;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], row);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The row; null without a token.</summary>
    /// <exception cref="RefusalException">It is no token of this list.</exception>
    public static long? Decode(char list, string? token)
    {
        if (token is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Length];
        return token.Length == 12
            && Base64Url.TryDecodeFromChars(token, bytes, out var count)
            && count == Length
            && bytes[0] == list
            && BinaryPrimitives.ReadInt64BigEndian(bytes[1..]) is > 0 and var row
                ? row
                : throw PageRequest.InvalidToken();
    }
}
