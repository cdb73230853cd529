namespace NovaId.Bench.Starts;

/// <summary>An open port.</summary>
/// <param name="Open">The port of 127.0.0.1.</param>
/// <param name="Inside">The container's own.</param>
public sealed record FloorPort(int Open, int Inside);
