namespace NovaId.Contract.Faults;

/// <summary>What came of a call.</summary>
/// <param name="Call">The call.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it was over.</param>
/// <param name="Reply">The answer; null if none came until the caller hung up.</param>
/// <param name="Failure">Why no answer came, where the caller did not hang up.</param>
public sealed record CallResult(CrowdCall Call, DateTimeOffset Start, DateTimeOffset End, Reply? Reply, Exception? Failure)
{
    public TimeSpan Duration => End - Start;

    public bool IsAsItShould => Call.IsAnswered(Reply);

    /// <summary>For messages.</summary>
    public override string ToString() =>
        $"{Call}: {Reply?.ToString() ?? Failure?.Message ?? "no answer"} after {Duration.TotalSeconds:0.00} s";
}
