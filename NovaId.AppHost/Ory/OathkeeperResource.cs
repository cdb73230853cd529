namespace NovaId.AppHost.Ory;

/// <summary>Ory Oathkeeper: the gateway, and the only way between the two networks, <see href="https://www.ory.com/docs/oathkeeper"/>.</summary>
/// <param name="name">The name of the resource, and the host name on its networks.</param>
/// <param name="signingKey">The private key set with which it signs id_tokens.</param>
public sealed class OathkeeperResource(string name, ParameterResource signingKey) : OryServiceResource(name, userId: 100), IResourceWithServiceDiscovery
{
    /// <summary>The port on which it serves everyone.</summary>
    public const int ProxyPort = 4455;

    /// <summary>The port that shows every rule and answers decisions, for the container alone.</summary>
    public const int ApiPort = 4456;

    /// <summary>The port for metrics, for the container alone.</summary>
    public const int MetricsPort = 9000;

    internal const string ProxyEndpointName = "http";
    internal const string RuleFile = "access-rules.yml";

    /// <summary>The private key set with which it signs id_tokens.</summary>
    public ParameterResource SigningKey { get; } = signingKey;

    /// <summary>The entry to the zone.</summary>
    public EndpointReference Entry => field ??= new(this, ProxyEndpointName);

    /// <summary>The key that took the place of <see cref="SigningKey"/> while the zone ran.</summary>
    internal string? RotatedKey { get; set; }

    internal override string Image => "oryd/oathkeeper";

    /// <summary>Files with rules that this zone has and others have not, put behind the common ones.</summary>
    internal List<Func<DistributedApplicationModel, string?>> FurtherRules { get; } = [];
}
