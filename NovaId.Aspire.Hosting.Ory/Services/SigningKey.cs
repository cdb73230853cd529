using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.Ory;

/// <summary>The key with which Oathkeeper signs id_tokens, generated at the first start: ES256, as a JSON Web Key Set (RFC 7517).</summary>
public sealed class SigningKey : ParameterDefault
{
    /// <summary>Makes a new key.</summary>
    /// <returns>The private key set.</returns>
    public static string Generate()
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

    /// <inheritdoc/>
    public override string GetDefaultValue() => Generate();

    /// <inheritdoc/>
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        // A manifest can ask for random characters only; whoever deploys gives the key.
    }
}
