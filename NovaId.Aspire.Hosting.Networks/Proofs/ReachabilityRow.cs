namespace Aspire.Hosting.Networks;

/// <summary>One line of the proof.</summary>
/// <param name="From">Where one looked from.</param>
/// <param name="Target">What one looked for.</param>
/// <param name="Address">The name or address.</param>
/// <param name="Port">The port; empty where all are meant.</param>
/// <param name="Expected">What the model says.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="IsAsExpected">Whether that is the same.</param>
internal sealed record ReachabilityRow(string From, string Target, string Address, string Port, string Expected, string Seen, bool IsAsExpected)
{
    /// <summary>Whether the service itself answered.</summary>
    public bool Answered { get; init; }

    public override string ToString() =>
        Port.Length > 0
            ? $"from {From}, {Target} at {Address}:{Port}: expected '{Expected}', seen '{Seen}'"
            : $"{From} {Address}: expected '{Expected}', seen '{Seen}'";
}
