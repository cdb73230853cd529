using System.Globalization;
using System.Net;
using k8s.Models;
using NovaId.AppHost.Tests.Proofs;

namespace NovaId.AppHost.Tests.Publishing.Kubernetes;

/// <summary>
/// Who reaches whom in a cluster with a published zone, by the network policies, beside what the model of the sealed container zone expects.
/// Looked at from every pod of the zone, and from everybody who is none of it: a pod of any label in each namespace, a pod that calls itself
/// like each of the zone's in a namespace of somebody else, the ingress controller, the cluster's name server, and an address outside.
/// </summary>
internal sealed class ClusterMatrix
{
    private const string NameLabel = "app.kubernetes.io/name";
    private const string NamespaceLabel = "kubernetes.io/metadata.name";
    private const string Elsewhere = "elsewhere";
    private const string Ingress = "ingress-nginx";
    private const string System = "kube-system";

    /// <summary>An address of the network that whoever deploys has not changed yet.</summary>
    private static readonly IPAddress Database = IPAddress.Parse("192.0.2.0");

    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _namespaces;
    private readonly List<PolicyPeer> _peers = [];
    private readonly HashSet<PolicyPort> _ports = [new(53), new(53, "UDP"), new(80), new(80, "UDP"), new(443)];
    private readonly HashSet<(string From, string To, PolicyPort Port)> _expected = [];

    public ClusterMatrix(KubernetesFiles files, ModelFixture sealedZone, IReadOnlyList<IResource> published)
    {
        _namespaces = files.Objects.OfType<V1Namespace>().Select(made => made.Metadata.Name).Concat([Elsewhere, Ingress, System])
            .ToDictionary(name => name, name => (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { [NamespaceLabel] = name });
        foreach (var (owner, template) in files.Pods)
        {
            Add(owner.Metadata.Name, owner.Metadata.NamespaceProperty, template.Metadata.Labels);
        }

        var zone = _peers.ToArray();
        // A further pod of each service: the picture has no line from a service to itself.
        foreach (var pod in zone)
        {
            Add($"another {pod.Name}", pod.Namespace, pod.Labels.ToDictionary());
            Add($"{pod.Name} of somebody else", Elsewhere, pod.Labels.ToDictionary());
        }

        foreach (var name in _namespaces.Keys)
        {
            Add($"anything in {name}", name, new Dictionary<string, string> { ["app"] = "anything" });
        }

        Add("the name server", System, new Dictionary<string, string> { ["k8s-app"] = "kube-dns" });
        Add("a name server of somebody else", Elsewhere, new Dictionary<string, string> { ["k8s-app"] = "kube-dns" });
        _peers.Add(new("the internet", IPAddress.Parse("1.1.1.1"), Namespace: null, new Dictionary<string, string>()));
        _peers.Add(new("the API's database", Database, Namespace: null, new Dictionary<string, string>()));
        Expect(zone, sealedZone, published);
    }

    /// <summary>Everybody that is looked from and for.</summary>
    public IReadOnlyList<PolicyPeer> Peers => _peers;

    /// <summary>
    /// What the model expects, and what the policies say: at both ends, and at each end by itself, so that neither of them leans on the other.
    /// </summary>
    public ReachabilityMatrix Read(IReadOnlyCollection<V1NetworkPolicy> policies)
    {
        var reader = new PolicyReader(policies, _namespaces, _peers, [.. _ports]);
        var zone = _peers.Where(IsOfZone).Select(peer => peer.Name).ToHashSet();
        return new(
            [
                .. Rows("reached", reader.Connections(), line => zone.Contains(line.From) || zone.Contains(line.To)),
                .. Rows("let out", reader.LetOut(), line => zone.Contains(line.From)),
                .. Rows("let in", reader.LetIn(), line => zone.Contains(line.To)),
            ],
            TimeSpan.Zero);
    }

    private IEnumerable<ReachabilityRow> Rows(
        string word, IEnumerable<(PolicyPeer From, PolicyPeer To, PolicyPort Port)> lines, Func<(string From, string To, PolicyPort Port), bool> counts)
    {
        var seen = lines.Select(line => (From: line.From.Name, To: line.To.Name, line.Port)).Where(counts).ToHashSet();
        return
            from line in _expected.Where(counts).Union(seen)
            let isExpected = _expected.Contains(line)
            let isSeen = seen.Contains(line)
            select new ReachabilityRow(
                line.From, line.To, line.To, string.Create(CultureInfo.InvariantCulture, $"{line.Port.Protocol} {line.Port.Number}"), Word(isExpected), Word(isSeen), isExpected == isSeen);

        string Word(bool isLetThrough) => isLetThrough ? word : "kept apart";
    }

    private static bool IsOfZone(PolicyPeer peer) => peer.Namespace is not (null or Elsewhere or Ingress or System);

    /// <summary>
    /// A service that has several pods is one in the picture. A name resolves in a cluster everywhere, so that only what answers counts; what
    /// the machine's loopback address leads to there, the ingress controller leads to here. A container of somebody else on a network reaches
    /// it there, and here a pod of somebody else in a namespace does not.
    /// </summary>
    private void Expect(PolicyPeer[] zone, ModelFixture sealedZone, IReadOnlyList<IResource> published)
    {
        // From what runs once nobody looks while a zone runs: it has ended.
        Place[] places = [.. sealedZone.Members.Where(member => member.ContainerName is not null).Select(Place.OfContainer)];
        var probes = Expectations.Derive(places, sealedZone.Members, sealedZone.Networks, sealedZone.Addresses);
        _ports.UnionWith(sealedZone.Members.SelectMany(member => member.Listeners).Select(listener => new PolicyPort(listener.Port)));
        var lines = probes.Where(probe => probe is { Expected: Expectation.Answers, From.Kind: PlaceKind.Container } && probe.From.Name != probe.Target)
            .Select(probe => (From: probe.From.Name, To: probe.Target, Port: new PolicyPort(probe.Question.Port)))
            .Concat(LinesOfPublished()).Distinct();
        foreach (var line in lines)
        {
            foreach (var from in PodsOf(line.From))
            {
                foreach (var to in PodsOf(line.To))
                {
                    _expected.Add((from, to, line.Port));
                }
            }
        }

        foreach (var to in PodsOf("oathkeeper"))
        {
            _expected.Add(($"anything in {Ingress}", to, new(OathkeeperResource.ProxyPort)));
        }

        foreach (var from in _peers.Where(IsOfZone))
        {
            _expected.Add((from.Name, "the name server", new(53)));
            _expected.Add((from.Name, "the name server", new(53, "UDP")));
        }

        foreach (var from in PodsOf("api"))
        {
            _expected.Add((from, "the API's database", new(PrivatePostgresServerResource.InnerPort)));
        }

        // What stands in a published zone alone, such as the operator, reaches whom it shares a network with there.
        IEnumerable<(string From, string To, PolicyPort Port)> LinesOfPublished() =>
            from resource in published
            where sealedZone.Members.All(member => member.Name != resource.Name)
            from other in published
            where other != resource && NetworksOf(other).Intersect(NetworksOf(resource)).Any()
            from line in (IEnumerable<(IResource From, IResource To)>)[(resource, other), (other, resource)]
            from listener in line.To.Annotations.OfType<ListenerAnnotation>()
            where !listener.IsLoopbackOnly
            select (line.From.Name, line.To.Name, new PolicyPort(listener.Port));

        static IEnumerable<ContainerNetworkResource> NetworksOf(IResource resource) =>
            resource.Annotations.OfType<NetworkAttachmentAnnotation>().Select(attachment => attachment.Network);

        IEnumerable<string> PodsOf(string service) =>
            zone.Where(pod => pod.Labels[NameLabel] == service).SelectMany(pod => (string[])[pod.Name, $"another {pod.Name}"]);
    }

    private void Add(string name, string? inNamespace, IDictionary<string, string> labels)
    {
        var number = _peers.Count + 1;
        _peers.Add(new(name, new IPAddress([10, 244, (byte)(number / 250), (byte)(number % 250)]), inNamespace, labels.ToDictionary()));
    }
}
