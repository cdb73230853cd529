using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace NovaId.Api.Gateway;

/// <summary>
/// Marks the page tokens of the services, so that only those come back that this API gave out, and for the same list: Hydra and Keto 26.2
/// take a token that anybody can make with a key of zeros, whatever their own key is, and answer one that they cannot read with 500.
/// </summary>
internal sealed class PageTokenSeal(ClientCredential credential)
{
    private const int MarkLength = 16;

    // What every instance of the API has and nobody else.
    private readonly byte[] _key = credential.DeriveKey("NovaId page tokens");

    /// <summary>The token as it may leave.</summary>
    public string? Close(string list, string? token) => token is null ? null : $"{Mark(list, token)}.{token}";

    /// <summary>The token as the service gave it out.</summary>
    /// <exception cref="InvalidPageTokenException">It was not given out, or for another list.</exception>
    public string? Open(string list, string? token)
    {
        if (token is null)
        {
            return null;
        }

        var end = token.IndexOf('.', StringComparison.Ordinal);
        var inner = token[(end + 1)..];
        return end > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token[..end]), Encoding.UTF8.GetBytes(Mark(list, inner)))
            ? inner
            : throw new InvalidPageTokenException();
    }

    private string Mark(string list, string token) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{list}\n{token}")).AsSpan(0, MarkLength));
}
