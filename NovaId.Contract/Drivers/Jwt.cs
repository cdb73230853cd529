using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NovaId.Contract.Drivers;

/// <summary>A JSON Web Token (RFC 7519), read and verified without a library, so that the suite trusts none.</summary>
public sealed class Jwt
{
    private readonly string _signed;
    private readonly byte[] _signature;

    public Jwt(string token)
    {
        var parts = token.Split('.');
        Assert.Equal(3, parts.Length);
        _signed = $"{parts[0]}.{parts[1]}";
        _signature = Base64Url.DecodeFromChars(parts[2]);
        Header = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[0]));
        Claims = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[1]));
    }

    public JsonElement Header { get; }

    public JsonElement Claims { get; }

    /// <summary>A claim as text.</summary>
    public string this[string name] => Claims.GetProperty(name).GetString()!;

    public bool Has(string name) => Claims.TryGetProperty(name, out _);

    /// <summary>A claim that is a point in time.</summary>
    public DateTimeOffset Time(string name) => DateTimeOffset.FromUnixTimeSeconds(Claims.GetProperty(name).GetInt64());

    /// <summary>Whether the key of the set that the header names made the signature.</summary>
    public bool IsSignedBy(JsonElement keySet)
    {
        var id = Header.GetProperty("kid").GetString();
        var key = keySet.GetProperty("keys").EnumerateArray().Single(key => key.GetProperty("kid").GetString() == id);
        var data = Encoding.ASCII.GetBytes(_signed);
        byte[] Member(string name) => Base64Url.DecodeFromChars(key.GetProperty(name).GetString());
        switch (Header.GetProperty("alg").GetString())
        {
            case "ES256":
                var point = new ECPoint { X = Member("x"), Y = Member("y") };
                using (var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }))
                {
                    return ecdsa.VerifyData(data, _signature, HashAlgorithmName.SHA256);
                }

            case "RS256":
                using (var rsa = RSA.Create(new RSAParameters { Modulus = Member("n"), Exponent = Member("e") }))
                {
                    return rsa.VerifyData(data, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                }

            default:
                return false;
        }
    }

    /// <summary>Makes a token that nobody vouches for: signed by a key of its own, or by none.</summary>
    public static string Forge(object claims, string algorithm, string keyId)
    {
        var header = Encode(new { alg = algorithm, typ = "JWT", kid = keyId });
        var signed = $"{header}.{Encode(claims)}";
        if (algorithm == "none")
        {
            return $"{signed}.";
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
