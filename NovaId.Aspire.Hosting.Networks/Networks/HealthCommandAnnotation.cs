namespace Aspire.Hosting.ApplicationModel;

/// <summary>The command by which the engine finds out, inside a container, how it is.</summary>
/// <param name="command">What the container's shell runs; exit code 0 is healthy.</param>
public sealed class HealthCommandAnnotation(string command) : IResourceAnnotation
{
    /// <summary>What the container's shell runs; exit code 0 is healthy.</summary>
    public string Command { get; } = command;
}
