using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NovaId.Contract.Attacks;

/// <summary>Tokens in the form of a JWT (RFC 7519) that nobody vouches for, with whatever header an attacker likes.</summary>
internal static class ForgedToken
{
    /// <summary>A token with this signature, whatever it is.</summary>
    public static string Signed(object header, object claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>A token signed with the attacker's own key, which the header may hold.</summary>
    public static string SelfSigned(object claims, Func<ECDsa, object> header)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Signed(header(key), claims, data => key.SignData(data, HashAlgorithmName.SHA256));
    }

    /// <summary>A genuine token with other claims in it.</summary>
    public static string Altered(string genuine, Func<Dictionary<string, JsonElement>, object> alter)
    {
        var parts = genuine.Split('.');
        var claims = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Base64Url.DecodeFromChars(parts[1]))!;
        return $"{parts[0]}.{Encode(alter(claims))}.{parts[2]}";
    }

    public static string Encode(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
