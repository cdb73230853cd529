namespace NovaId.AppHost.Ory;

/// <summary>Ory Keto: relation tuples and permissions, <see href="https://www.ory.com/docs/keto"/>.</summary>
/// <param name="name">The name of the resource, and the host name on the network.</param>
public sealed class KetoResource(string name) : OryServiceResource(name, userId: 100)
{
    /// <summary>The port for checks and lists.</summary>
    public const int ReadPort = 4466;

    /// <summary>The port for changes.</summary>
    public const int WritePort = 4467;

    /// <summary>The port for metrics, for the container alone.</summary>
    public const int MetricsPort = 4468;

    /// <summary>The port that checks the syntax of permissions, for the container alone.</summary>
    public const int SyntaxPort = 4469;

    internal override string Image => "oryd/keto";
}
