namespace NovaId.AppHost.Ory;

/// <summary>Ory Kratos: identities, sessions and their flows, <see href="https://www.ory.com/docs/kratos"/>.</summary>
/// <param name="name">The name of the resource, and the host name on the network.</param>
public sealed class KratosResource(string name) : OryServiceResource(name, userId: 10000)
{
    /// <summary>The port for everyone: flows and sessions.</summary>
    public const int PublicPort = 4433;

    /// <summary>The port that authenticates nobody: identities and sessions of anyone.</summary>
    public const int AdminPort = 4434;

    internal override string Image => "oryd/kratos";
}
