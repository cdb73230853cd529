namespace NovaId.Api.AccessLog;

/// <summary>One decision, as it is written down.</summary>
internal sealed record AccessLogRow
{
    public required DateTimeOffset Time { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>The endpoint's route, in which ids are names: what statistics are counted by.</summary>
    public required string Route { get; init; }

    public required int Status { get; init; }

    public required double Milliseconds { get; init; }

    public required string? Authentication { get; init; }

    public required string? Subject { get; init; }

    public required string? ClientId { get; init; }

    public required string? Rank { get; init; }

    public required string Required { get; init; }

    public required bool Allowed { get; init; }

    public required string Reason { get; init; }

    public required string TraceId { get; init; }
}
