namespace NovaId.AppHost.Ory;

/// <summary>Ory Hydra: OAuth2 and OpenID Connect, <see href="https://www.ory.com/docs/hydra"/>.</summary>
/// <param name="name">The name of the resource, and the host name on the network.</param>
public sealed class HydraResource(string name) : OryServiceResource(name, userId: 65532)
{
    /// <summary>The port for everyone: tokens, authorization, discovery.</summary>
    public const int PublicPort = 4444;

    /// <summary>The port that authenticates nobody: clients, introspection, login and consent.</summary>
    public const int AdminPort = 4445;

    internal override string Image => "oryd/hydra";
}
