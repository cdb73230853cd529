using k8s;
using k8s.Models;
using NovaId.AppHost.Tests.Proofs;

namespace NovaId.AppHost.Tests.Publishing.Kubernetes;

/// <summary>What is published for Kubernetes keeps apart what the sealed container zone keeps apart, and nothing else.</summary>
public sealed class KubernetesIsolationTests(PublishedZoneFixture zone) : IClassFixture<PublishedZoneFixture>, IAsyncLifetime
{
    private readonly ModelFixture _sealed = new("--Zone:Kind=sealed");

    private KubernetesFiles Files => field ??= new(zone.Folder);

    private ClusterMatrix Matrix => field ??= new(Files, _sealed, zone.Model);

    public ValueTask InitializeAsync() => _sealed.InitializeAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void The_policies_yield_the_matrix_of_the_container_zone()
    {
        var matrix = Matrix.Read([.. Files.Policies]);

        Assert.True(matrix.IsProven, matrix.Summary);
        Assert.Contains(matrix.Rows, row => row is { From: "oathkeeper", Target: "kratos", Port: "TCP 4434", Seen: "reached" });
        Assert.DoesNotContain(matrix.Rows, row => row.From == "api" && row.Target is not ("oathkeeper" or "another oathkeeper" or "the name server" or "the API's database"));
    }

    [Fact]
    public void Everything_that_the_container_zone_has_is_looked_at()
    {
        var services = Files.Pods.Select(pod => pod.Template.Metadata.Labels["app.kubernetes.io/name"]).Distinct();

        // The operator is a command of the dashboard there and a program of its own in what is published.
        Assert.Equal(_sealed.Members.Select(member => member.Name).Append("operator").Order(), services.Order());
    }

    [Fact]
    public void Every_namespace_is_closed_in_both_directions_and_asks_one_name_server()
    {
        foreach (var made in Files.Objects.OfType<V1Namespace>().Select(made => made.Metadata.Name))
        {
            var closed = Files.Policies.Single(policy => policy.Metadata.NamespaceProperty == made && policy.Metadata.Name == "default-deny").Spec;

            Assert.Equal(["Egress", "Ingress"], closed.PolicyTypes.Order());
            Assert.True(closed is { Ingress: null, Egress: null, PodSelector: { MatchLabels: null, MatchExpressions: null } });
            Assert.Contains(Files.Policies, policy => policy.Metadata.NamespaceProperty == made && policy.Metadata.Name == "dns");
        }
    }

    [Fact]
    public void Without_any_one_of_the_policies_the_matrix_is_another()
    {
        var policies = Files.Policies.ToArray();
        var unnoticed = policies.Where(policy => Matrix.Read([.. policies.Where(other => other != policy)]).IsProven).Select(Name);

        Assert.True(policies.Length > 30);
        Assert.Empty(unnoticed);
    }

    [Fact]
    public void With_any_one_of_the_policies_wider_the_matrix_is_another()
    {
        var policies = Files.Policies.ToArray();
        var changes = policies.SelectMany((policy, i) => Wider(policy).Select(wider => (Name: $"{Name(policy)}: {wider.What}", Policies: (V1NetworkPolicy[])[.. policies[..i], wider.Policy, .. policies[(i + 1)..]]))).ToArray();

        var unnoticed = changes.Where(change => Matrix.Read(change.Policies).IsProven).Select(change => change.Name);

        Assert.True(changes.Length > 5 * policies.Length / 2);
        Assert.Empty(unnoticed);
    }

    [Fact]
    public void A_server_of_ones_own_is_reached_by_those_who_use_it_and_at_its_port_alone()
    {
        var folder = Path.Combine(Files.Folder, "components", "external-postgres");
        var line = Assert.Single(KubernetesFiles.Load(Path.Combine(folder, "network-policies.yaml")).Cast<V1NetworkPolicy>());
        var postgres = Path.Combine(Files.Folder, "components", "postgres", "postgres.yaml");
        var inside = KubernetesFiles.Load(postgres).OfType<V1NetworkPolicy>().Select(Name).ToHashSet();

        Assert.Equal(["hydra", "hydra-migrate", "keto", "keto-migrate", "kratos", "kratos-migrate"], line.Spec.PodSelector.MatchExpressions.Single().Values);
        Assert.Equal(["TCP 5432"], line.Spec.Egress.Single().Ports.Select(port => $"{port.Protocol} {(string)port.Port}"));
        var rows = Matrix.Read([.. Files.Policies.Where(policy => !inside.Contains(Name(policy))), line]).Differences;
        // The address that stands there until whoever deploys says another is the one for the API's database too.
        Assert.All(rows, row => Assert.True(
            (row is { Seen: "kept apart" } && row.Target.EndsWith("postgres", StringComparison.Ordinal))
            || row is { Expected: "kept apart", Target: "the API's database", Port: "TCP 5432" },
            row.ToString()));
        Assert.Contains(rows, row => row is { From: "kratos", Seen: "reached" });
    }

    private static IEnumerable<(string What, V1NetworkPolicy Policy)> Wider(V1NetworkPolicy policy)
    {
        if (policy.Spec.PodSelector is { MatchLabels: not null } or { MatchExpressions: not null })
        {
            yield return Change("every pod", spec => spec.PodSelector = new());
        }

        if (policy.Spec.PolicyTypes.Count == 1)
        {
            yield return Change("the other direction", spec => spec.PolicyTypes = [spec.PolicyTypes[0] == "Ingress" ? "Egress" : "Ingress"]);
        }
        else
        {
            yield return Change("outwards alone", spec => spec.PolicyTypes = ["Egress"]);
        }

        yield return Change("one more rule", spec =>
        {
            if (spec.PolicyTypes.Contains("Ingress"))
            {
                spec.Ingress = [.. spec.Ingress ?? [], new()];
            }
            else
            {
                spec.Egress = [.. spec.Egress ?? [], new()];
            }
        });
        for (var i = 0; i < (policy.Spec.Ingress?.Count ?? policy.Spec.Egress?.Count ?? 0); i++)
        {
            var rule = i;
            yield return Change("every port", spec => PortsOf(spec, rule).Clear());
            for (var p = 0; p < PortsOf(policy.Spec, rule).Count; p++)
            {
                var port = p;
                yield return Change("a port beside", spec => PortsOf(spec, rule)[port] = new() { Protocol = PortsOf(spec, rule)[port].Protocol, Port = 1, EndPort = 65535 });
                yield return Change("a port less", spec =>
                {
                    var only = PortsOf(spec, rule);
                    only[port] = new() { Protocol = only[port].Protocol, Port = 9 };
                });
            }

            for (var p = 0; p < PeersOf(policy.Spec, rule).Count; p++)
            {
                var peer = p;
                var named = PeersOf(policy.Spec, rule)[peer];
                yield return Change("everybody", spec => PeersOf(spec, rule).Clear());
                if (named.IpBlock is not null)
                {
                    yield return Change("every address", spec => PeersOf(spec, rule)[peer].IpBlock.Cidr = "0.0.0.0/0");
                    continue;
                }

                yield return Change("every namespace", spec => PeersOf(spec, rule)[peer].NamespaceSelector = new());
                if (named.PodSelector is not null)
                {
                    yield return Change("every pod of the namespace", spec => PeersOf(spec, rule)[peer].PodSelector = null);
                }
            }
        }

        (string What, V1NetworkPolicy Policy) Change(string what, Action<V1NetworkPolicySpec> change)
        {
            var wider = KubernetesYaml.Deserialize<V1NetworkPolicy>(KubernetesYaml.Serialize(policy), strict: true);
            change(wider.Spec);
            return (what, wider);
        }
    }

    private static IList<V1NetworkPolicyPort> PortsOf(V1NetworkPolicySpec spec, int rule) => spec.Ingress?[rule].Ports ?? spec.Egress[rule].Ports;

    private static IList<V1NetworkPolicyPeer> PeersOf(V1NetworkPolicySpec spec, int rule) => spec.Ingress?[rule].FromProperty ?? spec.Egress[rule].To;

    private static string Name(V1NetworkPolicy policy) => $"{policy.Metadata.NamespaceProperty}/{policy.Metadata.Name}";
}
