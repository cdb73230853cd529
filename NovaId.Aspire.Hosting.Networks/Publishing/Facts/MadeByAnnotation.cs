namespace Aspire.Hosting.ApplicationModel;

/// <summary>How whoever deploys makes the value of a parameter that was generated for this machine.</summary>
/// <param name="command">What a shell runs; what it prints is the value.</param>
public sealed class MadeByAnnotation(string command) : IResourceAnnotation
{
    /// <summary>What a shell runs; what it prints is the value.</summary>
    public string Command { get; } = command;
}
