using System.Collections;
using System.Net;
using k8s.Models;

namespace NovaId.AppHost.Tests.Publishing.Kubernetes;

/// <summary>Somebody in a cluster or outside.</summary>
/// <param name="Name">What it is called here.</param>
/// <param name="Address">Its address.</param>
/// <param name="Namespace">Its namespace; null outside.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="NamedPorts">The ports that its containers give a name.</param>
internal sealed record PolicyPeer(
    string Name, IPAddress Address, string? Namespace, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, int>? NamedPorts = null);

/// <summary>A port of a protocol.</summary>
internal readonly record struct PolicyPort(int Number, string Protocol = "TCP");

/// <summary>
/// Reads network policies as <c>networking.k8s.io/v1</c> means them: a pod that a policy selects for a direction is closed in that direction
/// but for what some policy allows, policies only add, and a connection needs both its ends. Nothing a policy says can take away what
/// another one gives. <see href="https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/"/>.
/// </summary>
internal sealed class PolicyReader
{
    private const string Ingress = "Ingress";
    private const string Egress = "Egress";

    private readonly IReadOnlyList<PolicyPeer> _peers;
    private readonly IReadOnlyList<PolicyPort> _ports;
    private readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> _namespaces;
    private readonly BitArray _in;
    private readonly BitArray _out;

    /// <param name="policies">The policies.</param>
    /// <param name="namespaces">The labels of each namespace.</param>
    /// <param name="peers">Everybody that is looked at.</param>
    /// <param name="ports">Every port that is looked at.</param>
    public PolicyReader(
        IReadOnlyCollection<V1NetworkPolicy> policies,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> namespaces,
        IReadOnlyList<PolicyPeer> peers,
        IReadOnlyList<PolicyPort> ports)
    {
        (_namespaces, _peers, _ports) = (namespaces, peers, ports);
        _in = Allowed(policies, Ingress);
        _out = Allowed(policies, Egress);
    }

    /// <summary>Whether a connection is let through at both of its ends.</summary>
    public bool Reaches(PolicyPeer from, PolicyPeer to, PolicyPort port)
    {
        var (source, target, number) = (IndexOf(from), IndexOf(to), _ports.Index().First(other => other.Item == port).Index);
        return _out[At(source, target, number)] && _in[At(target, source, number)];
    }

    /// <summary>Everything that is let through at both ends.</summary>
    public IEnumerable<(PolicyPeer From, PolicyPeer To, PolicyPort Port)> Connections() => Lines((from, to, port) => _out[At(from, to, port)] && _in[At(to, from, port)]);

    /// <summary>Everything that is let out where it begins, whatever becomes of it at its other end.</summary>
    public IEnumerable<(PolicyPeer From, PolicyPeer To, PolicyPort Port)> LetOut() => Lines((from, to, port) => _out[At(from, to, port)]);

    /// <summary>Everything that is let in where it ends, whoever let it out.</summary>
    public IEnumerable<(PolicyPeer From, PolicyPeer To, PolicyPort Port)> LetIn() => Lines((from, to, port) => _in[At(to, from, port)]);

    private IEnumerable<(PolicyPeer From, PolicyPeer To, PolicyPort Port)> Lines(Func<int, int, int, bool> isLetThrough)
    {
        for (var from = 0; from < _peers.Count; from++)
        {
            for (var to = 0; to < _peers.Count; to++)
            {
                for (var port = 0; port < _ports.Count; port++)
                {
                    if (from != to && isLetThrough(from, to, port))
                    {
                        yield return (_peers[from], _peers[to], _ports[port]);
                    }
                }
            }
        }
    }

    /// <summary>What one end lets through, by that end, the other one and the port.</summary>
    private BitArray Allowed(IReadOnlyCollection<V1NetworkPolicy> policies, string direction)
    {
        var allowed = new BitArray(_peers.Count * _peers.Count * _ports.Count);
        var closed = new bool[_peers.Count];
        foreach (var policy in policies.Where(policy => Types(policy.Spec).Contains(direction)))
        {
            int[] ends = [.. Indices(peer => Selects(policy, peer))];
            foreach (var end in ends)
            {
                closed[end] = true;
            }

            foreach (var (peers, ports) in direction == Ingress
                ? (policy.Spec.Ingress ?? []).Select(rule => (rule.FromProperty, rule.Ports))
                : (policy.Spec.Egress ?? []).Select(rule => (rule.To, rule.Ports)))
            {
                int[] others = [.. Indices(other => Matches(peers, policy.Metadata.NamespaceProperty, other))];
                foreach (var target in direction == Ingress ? ends : others)
                {
                    int[] numbers = [.. _ports.Index().Where(port => Matches(ports, port.Item, _peers[target])).Select(port => port.Index)];
                    foreach (var source in direction == Ingress ? others : ends)
                    {
                        foreach (var number in numbers)
                        {
                            allowed[direction == Ingress ? At(target, source, number) : At(source, target, number)] = true;
                        }
                    }
                }
            }
        }

        for (var end = 0; end < _peers.Count; end++)
        {
            for (var other = 0; other < _peers.Count; other++)
            {
                // Nobody keeps a pod from itself.
                for (var port = 0; (!closed[end] || end == other) && port < _ports.Count; port++)
                {
                    allowed[At(end, other, port)] = true;
                }
            }
        }

        return allowed;
    }

    private IEnumerable<int> Indices(Func<PolicyPeer, bool> matches) => _peers.Index().Where(peer => matches(peer.Item)).Select(peer => peer.Index);

    private int At(int end, int other, int port) => (((end * _peers.Count) + other) * _ports.Count) + port;

    private int IndexOf(PolicyPeer peer) => _peers.Index().First(other => ReferenceEquals(other.Item, peer)).Index;

    /// <summary>Where nothing is said: always the way in, and the way out where there are rules for it.</summary>
    private static IEnumerable<string> Types(V1NetworkPolicySpec spec) =>
        spec.PolicyTypes is { Count: > 0 } types ? types : spec.Egress is { Count: > 0 } ? [Ingress, Egress] : [Ingress];

    private static bool Selects(V1NetworkPolicy policy, PolicyPeer peer) =>
        peer.Namespace == policy.Metadata.NamespaceProperty && Matches(policy.Spec.PodSelector ?? new(), peer.Labels);

    private bool Matches(IList<V1NetworkPolicyPeer>? peers, string home, PolicyPeer other) => peers is not { Count: > 0 } || peers.Any(peer => Matches(peer, home, other));

    private bool Matches(V1NetworkPolicyPeer peer, string home, PolicyPeer other)
    {
        if (peer.IpBlock is { } block)
        {
            return peer is { PodSelector: null, NamespaceSelector: null }
                ? IPNetwork.Parse(block.Cidr).Contains(other.Address) && block.Except?.Any(except => IPNetwork.Parse(except).Contains(other.Address)) != true
                : throw new InvalidOperationException("A peer is either an address or a pod.");
        }

        if (peer is { PodSelector: null, NamespaceSelector: null })
        {
            throw new InvalidOperationException("A peer says nothing; the cluster refuses it.");
        }

        return other.Namespace is not null
            && (peer.NamespaceSelector is { } namespaces ? Matches(namespaces, _namespaces[other.Namespace]) : other.Namespace == home)
            && (peer.PodSelector is null || Matches(peer.PodSelector, other.Labels));
    }

    private static bool Matches(IList<V1NetworkPolicyPort>? ports, PolicyPort port, PolicyPeer target) =>
        ports is not { Count: > 0 } || ports.Any(rule => (rule.Protocol ?? "TCP") == port.Protocol && Matches(rule, port.Number, target));

    private static bool Matches(V1NetworkPolicyPort rule, int number, PolicyPeer target)
    {
        if (rule.Port is null)
        {
            return true;
        }

        string text = rule.Port;
        if (!int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var first))
        {
            return target.NamedPorts?.TryGetValue(text, out var named) == true && named == number;
        }

        return number >= first && number <= (rule.EndPort ?? first);
    }

    /// <summary><see href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"/>: all that is said must be
    /// so, and nothing is said where nothing is chosen.</summary>
    private static bool Matches(V1LabelSelector selector, IReadOnlyDictionary<string, string> labels) =>
        (selector.MatchLabels ?? new Dictionary<string, string>()).All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value)
        && (selector.MatchExpressions ?? []).All(expression => expression.OperatorProperty switch
        {
            "In" => labels.TryGetValue(expression.Key, out var value) && expression.Values.Contains(value),
            "NotIn" => !labels.TryGetValue(expression.Key, out var value) || !expression.Values.Contains(value),
            "Exists" => labels.ContainsKey(expression.Key),
            "DoesNotExist" => !labels.ContainsKey(expression.Key),
            _ => throw new InvalidOperationException($"There is no operator {expression.OperatorProperty}."),
        });
}
