namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says which program signs an authority's certificates where the application is published as a compose file.</summary>
/// <param name="program">The service whose image holds it.</param>
/// <param name="command">What is run of the image.</param>
internal sealed class SignerAnnotation(IResource program, IReadOnlyList<string> command) : IResourceAnnotation
{
    /// <summary>The service whose image holds it.</summary>
    public IResource Program { get; } = program;

    /// <summary>What is run of the image.</summary>
    public IReadOnlyList<string> Command { get; } = command;
}
