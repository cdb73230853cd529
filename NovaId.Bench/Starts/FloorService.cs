namespace NovaId.Bench.Starts;

/// <summary>One service of a published zone, with every variable filled in.</summary>
public sealed record FloorService
{
    /// <summary>Its name, and its host name on every network.</summary>
    public required string Name { get; init; }

    /// <summary>The image with its tag.</summary>
    public required string Image { get; init; }

    /// <summary>The program in place of the image's own; empty leaves that.</summary>
    public required IReadOnlyList<string> Entrypoint { get; init; }

    /// <summary>The program's arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>What it finds in its environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Files of this machine, by their place in the container.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>The networks it stands on.</summary>
    public required IReadOnlyList<string> Networks { get; init; }

    /// <summary>The port that is open on 127.0.0.1, and the container's own; null if none is.</summary>
    public required FloorPort? Port { get; init; }

    /// <summary>The command that says whether it is healthy; null if nobody asks.</summary>
    public required string? Health { get; init; }

    /// <summary>What must be healthy before it starts.</summary>
    public required IReadOnlyList<string> AfterHealthy { get; init; }

    /// <summary>What must have ended well before it starts.</summary>
    public required IReadOnlyList<string> AfterEnd { get; init; }
}
