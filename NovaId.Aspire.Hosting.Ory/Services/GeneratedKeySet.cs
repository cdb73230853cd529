using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.Ory;

/// <summary>A new key for id_tokens: ES256, as a private JSON Web Key Set (RFC 7517) that Oathkeeper reads.</summary>
internal static class GeneratedKeySet
{
    public static string New()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        var jwk = new JsonObject
        {
            ["use"] = "sig",
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["alg"] = "ES256",
            ["kid"] = Guid.NewGuid().ToString(),
            ["x"] = Base64Url.EncodeToString(parameters.Q.X),
            ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
            ["d"] = Base64Url.EncodeToString(parameters.D),
        };
        return new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString();
    }
}
