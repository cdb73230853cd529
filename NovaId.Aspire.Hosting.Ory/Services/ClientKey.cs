using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.Ory;

/// <summary>The private key with which a client proves itself to Hydra, <c>private_key_jwt</c> (RFC 7523), generated at the first start: EC P-256, PKCS#8
/// in PEM, on one line.</summary>
public sealed class ClientKey : ParameterDefault
{
    /// <summary>Makes a new key.</summary>
    /// <returns>The private key.</returns>
    public static string Generate() => GeneratedClientKey.New();

    /// <inheritdoc/>
    public override string GetDefaultValue() => Generate();

    /// <inheritdoc/>
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        // A manifest can ask for random characters only; whoever deploys gives the key.
    }
}
