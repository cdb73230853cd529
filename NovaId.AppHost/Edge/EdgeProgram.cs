namespace NovaId.AppHost.Edge;

/// <summary>A web program of this solution that stands on the edge, behind the gateway.</summary>
/// <param name="Name">The name of the resource, and the host name by which the gateway's rules know it.</param>
/// <param name="Port">The port on which the gateway's rules look for it.</param>
/// <param name="Greeting">How one knows that it is this program that answers.</param>
internal sealed record EdgeProgram(string Name, int Port, Greeting Greeting)
{
    /// <summary>The variable that names the file of its database; null if it keeps nothing.</summary>
    public string? StorageVariable { get; init; }

    /// <summary>The port of 127.0.0.1 on which browsers reach it, where the gateway does not lead to it; null where it does.</summary>
    public int? OpenPort { get; init; }

    /// <summary>The setting that chooses that port.</summary>
    public string? PortKey { get; init; }

    /// <summary>What its own address is called in the dashboard, where it has one.</summary>
    public required string OwnAddress { get; init; }
}
