using k8s.Models;

namespace Aspire.Hosting.Networks;

/// <summary>
/// The network policies, <see href="https://kubernetes.io/docs/concepts/services-networking/network-policies/"/>. Every namespace is closed in
/// both directions. A line of the picture, from whoever shares a network with a service to that service, has two ends: one policy where it
/// comes in, and one in each namespace where it goes out.
/// </summary>
internal sealed class KubernetesPolicies(KubernetesZone zone)
{
    private const string Ingress = "Ingress";
    private const string Egress = "Egress";
    private const string Tcp = "TCP";
    private const string Udp = "UDP";
    private const int DomainPort = 53;

    /// <summary>The policy that lets nobody in or out of a namespace.</summary>
    public V1NetworkPolicy DenyAll(string inNamespace) => New("default-deny", inNamespace, new() { PodSelector = new(), PolicyTypes = [Ingress, Egress] });

    /// <summary>The policy that lets everybody of a namespace ask the cluster's own name server, and no other.</summary>
    public V1NetworkPolicy Names(string inNamespace) => New("dns", inNamespace, new()
    {
        PodSelector = new(),
        PolicyTypes = [Egress],
        Egress =
        [
            new()
            {
                To = [Peer("kube-system", new() { MatchLabels = new Dictionary<string, string> { ["k8s-app"] = "kube-dns" } })],
                Ports = [Port(DomainPort, Udp), Port(DomainPort, Tcp)],
            },
        ],
    });

    /// <summary>Both ends of every line that leads to a service.</summary>
    public IEnumerable<V1NetworkPolicy> LinesTo(PublishedService target)
    {
        (string Namespace, IReadOnlyList<string> Names)[] callers = [.. zone.CallersByNamespaceOf(target)];
        if (callers.Length == 0)
        {
            yield break;
        }

        V1NetworkPolicyPort[] ports = [.. target.Ports.Select(port => Port(port, Tcp))];
        yield return New(target.Name, zone.NamespaceOf(target), new()
        {
            PodSelector = Pods(target.Name),
            PolicyTypes = [Ingress],
            Ingress = [new() { FromProperty = [.. callers.Select(caller => Peer(caller.Namespace, Pods(caller.Names)))], Ports = ports }],
        });
        foreach (var (home, names) in callers)
        {
            yield return New($"to-{target.Name}", home, new()
            {
                PodSelector = Pods(names),
                PolicyTypes = [Egress],
                Egress = [new() { To = [Peer(zone.NamespaceOf(target), Pods(target.Name))], Ports = ports }],
            });
        }
    }

    /// <summary>Lets whatever stands in front of the application reach its entry.</summary>
    /// <param name="from">The namespace of what stands in front.</param>
    public V1NetworkPolicy Entry(string from) => New($"{zone.Entry.Name}-entry", zone.NamespaceOf(zone.Entry), new()
    {
        PodSelector = Pods(zone.Entry.Name),
        PolicyTypes = [Ingress],
        Ingress = [new() { FromProperty = [new() { NamespaceSelector = Namespace(from) }], Ports = [.. zone.Entry.Ports.Select(port => Port(port, Tcp))] }],
    });

    /// <summary>Lets services reach something outside.</summary>
    /// <param name="outside">What it is called.</param>
    /// <param name="port">Its port.</param>
    /// <param name="network">Its network, as CIDR.</param>
    /// <param name="inNamespace">The services' namespace.</param>
    /// <param name="services">The services.</param>
    public V1NetworkPolicy Outside(string outside, int port, string network, string inNamespace, IReadOnlyList<string> services) =>
        New($"to-{outside}", inNamespace, new()
        {
            PodSelector = Pods(services),
            PolicyTypes = [Egress],
            Egress = [new() { To = [new() { IpBlock = new() { Cidr = network } }], Ports = [Port(port, Tcp)] }],
        });

    private V1NetworkPolicy New(string name, string inNamespace, V1NetworkPolicySpec spec) => new()
    {
        ApiVersion = $"{V1NetworkPolicy.KubeGroup}/{V1NetworkPolicy.KubeApiVersion}",
        Kind = V1NetworkPolicy.KubeKind,
        Metadata = new() { Name = name, NamespaceProperty = inNamespace, Labels = new Dictionary<string, string> { [KubernetesZone.ApplicationLabel] = zone.Application } },
        Spec = spec,
    };

    private static V1NetworkPolicyPort Port(int number, string protocol) => new() { Port = number, Protocol = protocol };

    private static V1NetworkPolicyPeer Peer(string inNamespace, V1LabelSelector pods) => new() { NamespaceSelector = Namespace(inNamespace), PodSelector = pods };

    private static V1LabelSelector Namespace(string name) => new() { MatchLabels = new Dictionary<string, string> { [KubernetesZone.NamespaceLabel] = name } };

    private static V1LabelSelector Pods(string service) => new() { MatchLabels = new Dictionary<string, string> { [KubernetesZone.NameLabel] = service } };

    private static V1LabelSelector Pods(IReadOnlyList<string> services) =>
        services.Count == 1 ? Pods(services[0]) : new() { MatchExpressions = [new() { Key = KubernetesZone.NameLabel, OperatorProperty = "In", Values = [.. services] }] };
}
