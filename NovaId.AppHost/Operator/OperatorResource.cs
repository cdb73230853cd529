using System.Net.Security;

namespace NovaId.AppHost.Operator;

/// <summary>
/// The operator: the service client <c>novaid-operator</c>, who seeds the zone through the gateway like everybody else, and whose
/// commands are in the dashboard. It is ready when the zone is seeded.
/// </summary>
/// <param name="name">The name of the resource.</param>
/// <param name="gateway">The gateway.</param>
/// <param name="gatewayAddress">The gateway's address on this machine.</param>
/// <param name="key">The client's private key.</param>
public sealed class OperatorResource(string name, OathkeeperResource gateway, Uri gatewayAddress, ParameterResource key)
    : Resource(name), IResourceWithWaitSupport
{
    /// <summary>The gateway.</summary>
    public OathkeeperResource Gateway { get; } = gateway;

    /// <summary>The gateway's address on this machine.</summary>
    public Uri GatewayAddress { get; } = gatewayAddress;

    /// <summary>What is asked about the gateway's certificate; null where it has none.</summary>
    internal RemoteCertificateValidationCallback? GatewayCertificate { get; init; }

    /// <summary>The client's private key.</summary>
    public ParameterResource Key { get; } = key;

    /// <summary>Completes when the zone is seeded.</summary>
    internal TaskCompletionSource Seeded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
