using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NovaId.Contract.Attacks;

namespace NovaId.Contract.Drivers;

/// <summary>The key of a client that proves itself with signed assertions in place of a secret (RFC 7523; OpenID Connect Core 1.0, section 9).</summary>
public sealed class ClientKey : IDisposable
{
    /// <summary>What an assertion says it is (RFC 7523, section 2.2).</summary>
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly AsymmetricAlgorithm _key;

    /// <param name="algorithm">What it signs with (RFC 7518, section 3.1).</param>
    public ClientKey(string algorithm = "ES256")
        : this(algorithm, algorithm switch
        {
            "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            _ => RSA.Create(2048),
        })
    {
    }

    private ClientKey(string algorithm, AsymmetricAlgorithm key) => (Algorithm, _key) = (algorithm, key);

    /// <summary>What it signs with.</summary>
    public string Algorithm { get; }

    /// <summary>Its id.</summary>
    public string Id { get; private init; } = Guid.NewGuid().ToString();

    /// <summary>The public half as PEM, which everybody may have.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>The public half as a JSON Web Key (RFC 7517).</summary>
    public Dictionary<string, string> Jwk()
    {
        var jwk = new Dictionary<string, string> { ["use"] = "sig", ["kid"] = Id, ["alg"] = Algorithm };
        if (_key is ECDsa elliptic)
        {
            var point = elliptic.ExportParameters(includePrivateParameters: false).Q;
            jwk["kty"] = "EC";
            jwk["crv"] = $"P-{elliptic.KeySize}";
            jwk["x"] = Base64Url.EncodeToString(point.X);
            jwk["y"] = Base64Url.EncodeToString(point.Y);
        }
        else
        {
            var parameters = ((RSA)_key).ExportParameters(includePrivateParameters: false);
            jwk["kty"] = "RSA";
            jwk["n"] = Base64Url.EncodeToString(parameters.Modulus);
            jwk["e"] = Base64Url.EncodeToString(parameters.Exponent);
        }

        return jwk;
    }

    /// <summary>The key of a client of the zone: EC P-256 in PEM, and registered under the thumbprint of its public half (RFC 7638).</summary>
    public static ClientKey Parse(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var members = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
        return new("ES256", key) { Id = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(members))) };
    }

    /// <summary>The header of an assertion.</summary>
    public Dictionary<string, object> Header() => new() { ["alg"] = Algorithm, ["kid"] = Id };

    /// <summary>The claims of an assertion that nobody has used, good for a minute.</summary>
    public static Dictionary<string, object> Claims(OAuth2Client client, string audience) => new()
    {
        ["iss"] = client.Id,
        ["sub"] = client.Id,
        ["aud"] = audience,
        ["jti"] = Guid.NewGuid().ToString(),
        ["exp"] = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeSeconds(),
    };

    /// <summary>An assertion, whatever it says.</summary>
    public string Sign(object claims, object? header = null) => ForgedToken.Signed(header ?? Header(), claims, Sign);

    public void Dispose() => _key.Dispose();

    private byte[] Sign(byte[] data)
    {
        var hash = new HashAlgorithmName($"SHA{Algorithm[2..]}");
        return _key is ECDsa elliptic
            ? elliptic.SignData(data, hash)
            : ((RSA)_key).SignData(data, hash, Algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }
}
