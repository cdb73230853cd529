namespace Aspire.Hosting.Networks;

/// <summary>What a command of the container engine's client came to.</summary>
/// <param name="ExitCode">Its exit code; 0 is success.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it printed as an error.</param>
public sealed record CommandOutcome(int ExitCode, string Output, string Error)
{
    /// <summary>Whether it succeeded.</summary>
    public bool Succeeded => ExitCode == 0;
}
