namespace Aspire.Hosting.Ory;

/// <summary>Ory releases its services together; one version for all of them.</summary>
internal static class OryImageTags
{
    public const string Registry = "docker.io";
    public const string Tag = "v26.2.0";
}
