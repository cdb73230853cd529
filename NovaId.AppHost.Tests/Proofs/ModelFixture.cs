using System.Net;
using NovaId.AppHost.Tests.Model;

namespace NovaId.AppHost.Tests.Proofs;

/// <summary>The model of the AppHost, not started, and the addresses that an engine might have given its containers.</summary>
public sealed class ModelFixture : IAsyncLifetime
{
    private const int FirstEdge = 30;
    private const int PrivateNumber = 29;

    private readonly string[] _settings;

    public ModelFixture()
        : this([])
    {
    }

    internal ModelFixture(params string[] settings) => _settings = settings;

    internal DistributedApplicationModel Model { get; private set; } = null!;

    internal IReadOnlyList<NetworkMember> Members { get; private set; } = [];

    internal IReadOnlyList<ContainerNetworkResource> Networks { get; private set; } = [];

    internal IReadOnlyList<ObservedAddress> Addresses { get; private set; } = [];

    internal string Edge => Networks.OfType<EdgeNetworkResource>().First().EngineName;

    internal string Private => Networks.OfType<PrivateNetworkResource>().Single().EngineName;

    public async ValueTask InitializeAsync()
    {
        var builder = await ZoneModel.CreateAsync(["--Zone:GatewayPort=4455", .. _settings]);
        Model = new DistributedApplicationModel(builder.Resources);
        Networks = [.. Model.Resources.OfType<PrivateNetworkResource>(), .. Model.Resources.OfType<EdgeNetworkResource>().Select(Created)];
        Members = NetworkMember.All(Model);
        Addresses =
        [
            .. from member in Members
               where member.ContainerName is not null && member.Listeners.Count > 0
               from network in member.Networks
               select AddressOf(member, network),
        ];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static EdgeNetworkResource Created(EdgeNetworkResource declared, int index)
    {
        var edge = new EdgeNetworkResource(declared.Name, declared.EngineName);
        edge.Created(FormattableString.Invariant($"172.{FirstEdge + index}.0.1"), isOfThisMachine: true);
        return edge;
    }

    internal NetworkMember Member(string name) => Members.Single(member => member.Name == name);

    internal ObservedAddress AddressOf(NetworkMember member, string network)
    {
        var number = Members.ToList().IndexOf(member) + 2;
        var subnet = network == Private ? PrivateNumber : FirstEdge + Networks.OfType<EdgeNetworkResource>().ToList().FindIndex(edge => edge.EngineName == network);
        return new(member.ContainerName!, network, IPAddress.Parse(FormattableString.Invariant($"172.{subnet}.0.{number}")), 16, [member.Name, member.ContainerName!]);
    }

    internal IReadOnlyList<Probe> Probes(params ObservedAddress[] further)
    {
        ObservedAddress[] addresses = [.. Addresses, .. further];
        return Expectations.Derive(IsolationProof.Places(Members, Networks, addresses), Members, Networks, addresses);
    }
}
