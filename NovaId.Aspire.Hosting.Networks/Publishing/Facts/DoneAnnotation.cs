namespace Aspire.Hosting.ApplicationModel;

/// <summary>How those who wait for something that runs once find out by themselves whether it is done.</summary>
/// <param name="command">What the shell of whoever waits runs, with its own image, environment and files; exit code 0 is done.</param>
public sealed class DoneAnnotation(string command) : IResourceAnnotation
{
    /// <summary>What the shell of whoever waits runs; exit code 0 is done.</summary>
    public string Command { get; } = command;
}
