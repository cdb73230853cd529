using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.Ory;

/// <summary>A new key with which a client proves itself to Hydra, <c>private_key_jwt</c> (RFC 7523): EC P-256, PKCS#8 in PEM on one line.</summary>
internal static class GeneratedClientKey
{
    private const string P256 = "1.2.840.10045.3.1.7";

    public static string New()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem().ReplaceLineEndings(" ");
    }

    /// <summary>The public half as Hydra registers it (RFC 7517, section 5). Its id is its thumbprint (RFC 7638), as whoever signs with the private
    /// half finds it too.</summary>
    /// <param name="pem">The private key.</param>
    /// <exception cref="FormatException">It is none of this kind; the message says why, as the end of a sentence, and holds nothing of it.</exception>
    public static JsonObject PublicSetOf(string pem)
    {
        var (x, y) = PointOf(pem);
        var thumbprint = SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}"""));
        var jwk = new JsonObject
        {
            ["use"] = "sig",
            ["kty"] = "EC",
            ["kid"] = Base64Url.EncodeToString(thumbprint),
            ["crv"] = "P-256",
            ["alg"] = "ES256",
            ["x"] = x,
            ["y"] = y,
        };
        return new JsonObject { ["keys"] = new JsonArray(jwk) };
    }

    private static (string X, string Y) PointOf(string pem)
    {
        using var key = ECDsa.Create();
        try
        {
            if (PemEncoding.TryFind(pem, out var fields) && pem[fields.Label] == "PRIVATE KEY")
            {
                key.ImportFromPem(pem);
                var parameters = key.ExportParameters(includePrivateParameters: false);
                if (parameters.Curve.Oid.Value == P256)
                {
                    return (Base64Url.EncodeToString(parameters.Q.X), Base64Url.EncodeToString(parameters.Q.Y));
                }
            }
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // It is something else, which is said below.
        }

        throw new FormatException("is no EC private key of the curve P-256, in PKCS#8 and PEM, not encrypted");
    }
}
