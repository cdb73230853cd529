namespace Aspire.Hosting.Networks;

/// <summary>What one looks with where no container of the application has the tools.</summary>
internal static class ProofImageTags
{
    /// <summary>The image with its registry and tag.</summary>
    public const string Name = "docker.io/library/busybox:1.37";
}
