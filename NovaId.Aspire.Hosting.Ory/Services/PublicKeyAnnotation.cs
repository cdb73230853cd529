namespace Aspire.Hosting.Ory;

/// <summary>Says that a parameter is a private key, and where its public half comes from in what is published.</summary>
/// <param name="published">The parameter that whoever deploys gives: Hydra's jobs cannot make it of the private key, and are not to know that.</param>
internal sealed class PublicKeyAnnotation(ParameterResource published) : IResourceAnnotation
{
    /// <summary>The parameter that whoever deploys gives.</summary>
    public ParameterResource Published { get; } = published;
}
