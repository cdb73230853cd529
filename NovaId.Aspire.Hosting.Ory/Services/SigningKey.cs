using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.Ory;

/// <summary>The key with which Oathkeeper signs id_tokens, generated at the first start: ES256, as a JSON Web Key Set (RFC 7517).</summary>
public sealed class SigningKey : ParameterDefault
{
    /// <summary>Makes a new key.</summary>
    /// <returns>The private key set.</returns>
    public static string Generate() => GeneratedKeySet.New();

    /// <inheritdoc/>
    public override string GetDefaultValue() => Generate();

    /// <inheritdoc/>
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        // A manifest can ask for random characters only; whoever deploys gives the key.
    }
}
