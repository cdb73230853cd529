using System.Net;
using k8s;
using k8s.Models;

namespace NovaId.AppHost.Tests.Publishing.Kubernetes;

/// <summary>The cases of the documentation, <see href="https://kubernetes.io/docs/concepts/services-networking/network-policies/"/>, and of its
/// edges.</summary>
public sealed class PolicyReaderTests
{
    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> Namespaces = new()
    {
        ["one"] = new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = "one", ["team"] = "red" },
        ["two"] = new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = "two" },
    };

    private static readonly PolicyPeer[] Peers =
    [
        new("web", IPAddress.Parse("10.1.0.1"), "one", new Dictionary<string, string> { ["app"] = "web" }, new Dictionary<string, int> { ["http"] = 80 }),
        new("db", IPAddress.Parse("10.1.0.2"), "one", new Dictionary<string, string> { ["app"] = "db", ["tier"] = "data" }, new Dictionary<string, int> { ["http"] = 8080 }),
        new("far", IPAddress.Parse("10.1.0.3"), "two", new Dictionary<string, string> { ["app"] = "web" }),
        new("world", IPAddress.Parse("203.0.113.7"), Namespace: null, new Dictionary<string, string>()),
    ];

    private static readonly PolicyPort[] Ports = [new(80), new(8080), new(53, "UDP")];

    [Fact]
    public void Without_a_policy_everybody_reaches_everybody() =>
        Assert.Equal(Peers.Length * (Peers.Length - 1) * Ports.Length, Read().Connections().Count());

    [Theory]
    [InlineData("web", "db", false)]
    [InlineData("world", "db", false)]
    [InlineData("db", "web", false)]
    [InlineData("db", "world", true)]
    [InlineData("db", "far", true)]
    [InlineData("web", "far", true)]
    public void Closed_inwards_is_not_closed_outwards_and_counts_in_its_namespace_alone(string from, string to, bool reaches) =>
        Assert.Equal(reaches, Reaches(from, to, Ports[0], "podSelector: {}\n  policyTypes: [Ingress]"));

    [Theory]
    [InlineData("web", "db", false)]
    [InlineData("web", "world", false)]
    [InlineData("far", "web", true)]
    [InlineData("far", "world", true)]
    public void Closed_outwards_is_not_closed_inwards(string from, string to, bool reaches) =>
        Assert.Equal(reaches, Reaches(from, to, Ports[0], "podSelector: {}\n  policyTypes: [Egress]"));

    [Fact]
    public void Where_no_direction_is_said_it_is_inwards_and_outwards_only_with_rules_for_it()
    {
        Assert.True(Reaches("web", "world", Ports[0], "podSelector: {}"));
        Assert.False(Reaches("world", "web", Ports[0], "podSelector: {}"));
        Assert.False(Reaches("web", "world", Ports[0], "podSelector: {}\n  egress: [{ to: [{ ipBlock: { cidr: 198.51.100.0/24 } }] }]"));
    }

    [Fact]
    public void An_empty_rule_opens_everything_and_no_rule_nothing()
    {
        Assert.True(Reaches("world", "web", Ports[2], "podSelector: {}\n  ingress: [{}]"));
        Assert.True(Reaches("world", "web", Ports[2], "podSelector: {}\n  ingress: [{ from: [], ports: [] }]"));
        Assert.False(Reaches("world", "web", Ports[2], "podSelector: {}\n  ingress: []"));
    }

    [Fact]
    public void Policies_add_and_a_connection_needs_both_ends()
    {
        const string Deny = "podSelector: {}\n  policyTypes: [Ingress, Egress]";
        const string In = "podSelector: { matchLabels: { app: db } }\n  policyTypes: [Ingress]\n  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }]";
        const string Out = "podSelector: { matchLabels: { app: web } }\n  policyTypes: [Egress]\n  egress: [{ to: [{ podSelector: { matchLabels: { app: db } } }] }]";

        Assert.False(Reaches("web", "db", Ports[0], Deny, In));
        Assert.False(Reaches("web", "db", Ports[0], Deny, Out));
        Assert.True(Reaches("web", "db", Ports[0], Deny, In, Out));
        Assert.False(Reaches("db", "web", Ports[0], Deny, In, Out));
    }

    [Theory]
    [InlineData("{ podSelector: { matchLabels: { app: web } } }", "web", true)]
    [InlineData("{ podSelector: { matchLabels: { app: web } } }", "far", false)]
    [InlineData("{ podSelector: {} }", "far", false)]
    [InlineData("{ namespaceSelector: {} }", "far", true)]
    [InlineData("{ namespaceSelector: {} }", "world", false)]
    [InlineData("{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: two } }, podSelector: { matchLabels: { app: web } } }", "far", true)]
    [InlineData("{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: two } }, podSelector: { matchLabels: { app: db } } }", "far", false)]
    [InlineData("{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: two } } }, { podSelector: { matchLabels: { app: db } } }", "far", true)]
    [InlineData("{ namespaceSelector: { matchLabels: { team: red } } }", "web", true)]
    [InlineData("{ namespaceSelector: { matchLabels: { team: red } } }", "far", false)]
    [InlineData("{ ipBlock: { cidr: 203.0.113.0/24 } }", "world", true)]
    [InlineData("{ ipBlock: { cidr: 203.0.113.0/24, except: [203.0.113.0/28] } }", "world", false)]
    [InlineData("{ ipBlock: { cidr: 198.51.100.0/24 } }", "world", false)]
    public void Who_is_let_in_is_whom_a_peer_names(string peers, string from, bool reaches) =>
        Assert.Equal(reaches, Reaches(from, "db", Ports[0], $"podSelector: {{ matchLabels: {{ app: db }} }}\n  ingress: [{{ from: [{peers}] }}]"));

    [Theory]
    [InlineData("{ matchExpressions: [{ key: app, operator: In, values: [web, api] }] }", "web", true)]
    [InlineData("{ matchExpressions: [{ key: app, operator: NotIn, values: [web] }] }", "web", false)]
    [InlineData("{ matchExpressions: [{ key: tier, operator: NotIn, values: [data] }] }", "web", true)]
    [InlineData("{ matchExpressions: [{ key: tier, operator: Exists }] }", "web", false)]
    [InlineData("{ matchExpressions: [{ key: tier, operator: DoesNotExist }] }", "web", true)]
    [InlineData("{ matchLabels: { app: web }, matchExpressions: [{ key: tier, operator: Exists }] }", "web", false)]
    public void A_selector_chooses_what_is_all_that_it_says(string selector, string from, bool reaches) =>
        Assert.Equal(reaches, Reaches(from, "db", Ports[0], $"podSelector: {{ matchLabels: {{ app: db }} }}\n  ingress: [{{ from: [{{ podSelector: {selector} }}] }}]"));

    [Theory]
    [InlineData("{ port: 80 }", 80, "TCP", true)]
    [InlineData("{ port: 80 }", 8080, "TCP", false)]
    [InlineData("{ port: 53 }", 53, "UDP", false)]
    [InlineData("{ protocol: UDP, port: 53 }", 53, "UDP", true)]
    [InlineData("{ protocol: TCP }", 8080, "TCP", true)]
    [InlineData("{ protocol: TCP }", 53, "UDP", false)]
    [InlineData("{ port: 80, endPort: 9000 }", 8080, "TCP", true)]
    [InlineData("{ port: 81, endPort: 90 }", 8080, "TCP", false)]
    [InlineData("{ port: http }", 8080, "TCP", true)]
    [InlineData("{ port: http }", 80, "TCP", false)]
    public void A_port_is_let_through_with_its_protocol_and_a_name_is_that_of_who_is_reached(string port, int number, string protocol, bool reaches)
    {
        Assert.Equal(reaches, Reaches("web", "db", new(number, protocol), $"podSelector: {{ matchLabels: {{ app: db }} }}\n  ingress: [{{ ports: [{port}] }}]"));
        Assert.Equal(reaches, Reaches("web", "db", new(number, protocol), $"podSelector: {{ matchLabels: {{ app: web }} }}\n  policyTypes: [Egress]\n  egress: [{{ ports: [{port}] }}]"));
    }

    [Fact]
    public void Nothing_keeps_a_pod_from_itself() => Assert.True(Reaches("web", "web", Ports[0], "podSelector: {}\n  policyTypes: [Ingress, Egress]"));

    [Fact]
    public void What_the_cluster_would_refuse_is_not_read()
    {
        Assert.Throws<InvalidOperationException>(() => Reaches("web", "db", Ports[0], "podSelector: {}\n  ingress: [{ from: [{}] }]"));
        Assert.Throws<InvalidOperationException>(() => Reaches("web", "db", Ports[0], "podSelector: {}\n  ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 }, podSelector: {} }] }]"));
        Assert.Throws<InvalidOperationException>(() => Reaches("web", "db", Ports[0], "podSelector: { matchExpressions: [{ key: app, operator: Like, values: [web] }] }"));
    }

    private static bool Reaches(string from, string to, PolicyPort port, params string[] specs) =>
        Read(specs).Reaches(Peers.Single(peer => peer.Name == from), Peers.Single(peer => peer.Name == to), port);

    private static PolicyReader Read(params string[] specs) => new(
        [.. specs.Select((spec, i) => KubernetesYaml.Deserialize<V1NetworkPolicy>(
            $"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p{i}\n  namespace: one\nspec:\n  {spec}\n", strict: true))],
        Namespaces,
        Peers,
        Ports);
}
