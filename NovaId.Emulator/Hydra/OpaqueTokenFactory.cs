using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// Tokens that say nothing by themselves: a prefix, a random key, and the key's signature (HMAC). Only a hash of the signature is kept.
/// </summary>
internal sealed class OpaqueTokenFactory(string secret)
{
    public const string AccessToken = "ory_at_";
    public const string RefreshToken = "ory_rt_";
    public const string AuthorizationCode = "ory_ac_";
    public const string DeviceCode = "ory_dc_";

    private const int Entropy = 32;

    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>A new token, and the name it is kept under.</summary>
    public (string Token, string Name) Create(string prefix)
    {
        var random = RandomNumberGenerator.GetBytes(Entropy);
        var token = $"{prefix}{Base64UrlEncoder.Encode(random)}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(_key, random))}";
        return (token, NameOf(token)!);
    }

    /// <summary>
    /// The name that a token is kept under; null if it cannot be one. The name alone proves nothing: see <see cref="IsGenuine"/>.
    /// </summary>
    public static string? NameOf(string token) =>
        token.Split('.') is [_, { Length: > 0 } signature] ? Convert.ToHexStringLower(
            SHA384.HashData(Encoding.UTF8.GetBytes(signature))) : null;

    /// <summary>Whether the token's key is the one that was signed. The comparison takes the same time wherever the two differ.</summary>
    public bool IsGenuine(string token, string prefix)
    {
        var content = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : token;
        if (content.Split('.') is not [var key, var signature])
        {
            return false;
        }

        try
        {
            return CryptographicOperations.FixedTimeEquals(
                HMACSHA256.HashData(_key, Base64UrlEncoder.DecodeBytes(key)),
                Base64UrlEncoder.DecodeBytes(signature));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
