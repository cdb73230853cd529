using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Aspire.Hosting.Networks;

/// <summary>
/// Looks at every name, address and port from every place: from inside each container, from this machine, from anything on
/// the edge network and from any other container. A container is looked from by a second one that shares its network stack, so that
/// nothing depends on the tools inside.
/// </summary>
internal sealed class IsolationProof(DistributedApplicationModel model, ContainerEngine engine, TopologyVisitors visitors)
{
    private const string Bridge = "bridge";
    private static readonly HashSet<string> Nothing = [];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Looks, and compares with the model.</summary>
    /// <exception cref="ContainerEngineException">Not everything runs, or the engine refused; the message names the remedy.</exception>
    public async Task<ReachabilityMatrix> ProveAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var members = InOrder(NetworkMember.All(model));
        ContainerNetworkResource[] networks = [.. model.Resources.OfType<ContainerNetworkResource>()];
        var (addresses, image) = await ObserveAsync(members, cancellationToken);
        var places = Places(members, networks, addresses);
        var probes = Expectations.Derive(places, members, networks, addresses);
        var views = await Task.WhenAll(places.Select(place => LookAsync(place, probes, image, cancellationToken)));
        ReachabilityRow[] rows =
        [
            .. places.Zip(views).SelectMany(pair => probes.Where(probe => probe.From == pair.First).Select(probe => Compare(probe, pair.Second))),
            .. places.Zip(views).Where(pair => pair.First.Kind == PlaceKind.Container)
                .Select(pair => CompareListeners(pair.First, members.First(pair.First.Is), pair.Second.Listening)),
        ];
        return new(rows, watch.Elapsed) { Headline = Headline(rows) };
    }

    /// <summary>The two that the first lines are about come first: whom nobody else is to reach, and what stands in between.</summary>
    private NetworkMember[] InOrder(IReadOnlyList<NetworkMember> members) =>
        [.. members.OrderBy(member => member.Resource == Witness ? 0 : member is { ContainerName: not null, Networks.Count: > 1 } ? 1 : 2)];

    private IResource? Witness => model.Resources.SelectMany(resource => resource.Annotations.OfType<WitnessAnnotation>()).LastOrDefault()?.Witness;

    private static ReachabilityRow[] Headline(ReachabilityRow[] rows)
    {
        var own = rows.Where(row => row.From == rows[0].From).ToArray();
        var gateway = own.Where(row => row.Answered && row.From != row.Target).OrderBy(row => row.Address != IPAddress.Loopback.ToString());
        return [.. own.Take(1), .. gateway.Take(1)];
    }

    /// <summary>The API's own place comes first: a container on no internal network, or else this machine, where it is a program.</summary>
    internal static IReadOnlyList<Place> Places(
        IReadOnlyList<NetworkMember> members, IReadOnlyList<ContainerNetworkResource> networks, IReadOnlyList<ObservedAddress> addresses)
    {
        var inside = networks.Where(network => network.IsInternal).Select(network => network.EngineName).ToHashSet();
        var edges = networks.OfType<EdgeNetworkResource>().ToArray();
        var running = addresses.Select(address => address.ContainerName).ToHashSet();
        var programs = string.Join(", ", members.Where(member => member.ContainerName is null).Select(member => member.Name));
        var machine = new Place(
            programs.Length > 0 ? $"{programs} (this machine)" : "this machine",
            PlaceKind.Machine,
            Attachment: "",
            edges.Where(edge => edge.BridgeAddress is not null).Select(edge => edge.EngineName).ToHashSet(),
            Nothing);
        var containers = members.Where(member => member.ContainerName is not null && running.Contains(member.ContainerName)).ToArray();
        return
        [
            .. containers.Where(member => !member.Networks.Overlaps(inside)).Select(Place.OfContainer),
            machine,
            .. containers.Where(member => member.Networks.Overlaps(inside)).Select(Place.OfContainer),
            .. edges.Select(edge => new Place($"anything on '{edge.Name}'", PlaceKind.Visitor, edge.EngineName, new HashSet<string> { edge.EngineName }, Nothing)),
            new Place("any other container", PlaceKind.OrdinaryBridge, Bridge, Nothing, Nothing),
        ];
    }

    /// <summary>Where each running container stands, and an image with a shell of BusyBox.</summary>
    private async Task<(IReadOnlyList<ObservedAddress> Addresses, string Image)> ObserveAsync(NetworkMember[] members, CancellationToken cancellationToken)
    {
        var names = members.Select(member => member.ContainerName).OfType<string>().ToArray();
        // What does not exist makes the exit code 1; what there is, is printed all the same.
        var outcome = await engine.TryRunAsync(["inspect", "--type", "container", .. names], cancellationToken);
        using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(outcome.Output) ? "[]" : outcome.Output);
        var containers = document.RootElement.EnumerateArray()
            .Where(container => IsUp(container.GetProperty("State")))
            .ToDictionary(container => container.GetProperty("Name").GetString()!.TrimStart('/'));
        var missing = members
            .Where(member => member is { ContainerName: not null, Listeners.Count: > 0 } && !containers.ContainsKey(member.ContainerName))
            .ToArray();
        if (missing.Length > 0)
        {
            throw new ContainerEngineException(
                $"Not everything runs. Not up, or not yet: {string.Join(", ", missing.Select(member => $"'{member.Name}'"))}. "
                + "Start what is stopped, wait until it is healthy and prove again.");
        }

        var shell = members.FirstOrDefault(member => member.Resource == Witness)?.ContainerName;
        return (
            [.. containers.SelectMany(container => Addresses(container.Key, container.Value))],
            shell is null ? ProofImageTags.Name : containers[shell].GetProperty("Image").GetString()!);
    }

    /// <summary>What is still starting does not listen yet, or on something else.</summary>
    private static bool IsUp(JsonElement state) =>
        state.GetProperty("Running").GetBoolean()
        && !(state.TryGetProperty("Health", out var health) && health.GetProperty("Status").GetString() == "starting");

    private static IEnumerable<ObservedAddress> Addresses(string container, JsonElement inspected) =>
        from network in inspected.GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject()
        from family in ((string Address, string Prefix)[])[("IPAddress", "IPPrefixLen"), ("GlobalIPv6Address", "GlobalIPv6PrefixLen")]
        where IPAddress.TryParse(network.Value.GetProperty(family.Address).GetString(), out _)
        let names = network.Value.GetProperty("DNSNames")
        select new ObservedAddress(
            container,
            network.Name,
            IPAddress.Parse(network.Value.GetProperty(family.Address).GetString()!),
            network.Value.GetProperty(family.Prefix).GetInt32(),
            names.ValueKind == JsonValueKind.Array ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : []);

    /// <summary>What was not answered in time is asked once more: a busy machine is no fault of the networks.</summary>
    private async Task<View> LookAsync(Place place, IReadOnlyList<Probe> probes, string image, CancellationToken cancellationToken)
    {
        Probe[] own = [.. probes.Where(probe => probe.From == place)];
        var view = await AskAsync(place, own, image, cancellationToken);
        Probe[] late = [.. own.Where(probe => view.Replies[probe.Question].Outcome is Outcome.TimedOut or Outcome.Unknown && !view.IsAsExpected(probe))];
        if (late.Length > 0)
        {
            foreach (var (question, reply) in (await AskAsync(place, late, image, cancellationToken)).Replies)
            {
                view.Replies[question] = reply;
            }
        }

        return view;
    }

    private async Task<View> AskAsync(Place place, Probe[] probes, string image, CancellationToken cancellationToken)
    {
        Question[] questions = [.. probes.SelectMany(probe => new[] { probe.Question, probe.ControlQuestion }).OfType<Question>().Distinct()];
        var (replies, listening) = place.Kind == PlaceKind.Machine
            ? (await MachineProber.AskAsync(questions, cancellationToken), [])
            : ProbeScript.Read(questions, await RunAsync(place, ProbeScript.Write(questions), image, cancellationToken));
        return new(questions.Zip(replies).ToDictionary(pair => pair.First, pair => pair.Second), listening);
    }

    /// <summary>In a container of its own that may write nothing but its own scratch space, and is gone afterwards.</summary>
    private async Task<string> RunAsync(Place place, string script, string image, CancellationToken cancellationToken)
    {
        var name = $"isolation-proof-{Guid.NewGuid():N}";
        visitors.Announce(name);
        try
        {
            return await engine.RunAsync(
                [
                    "run", "--rm", "--name", name, "--network", place.Attachment, "--pull", "missing",
                    .. Confinement.Options, "--label", $"{NetworkOwner.Label}={NetworkOwner.Current}",
                    "--entrypoint", "sh", image, "-c", script,
                ],
                cancellationToken,
                Patience);
        }
        catch
        {
            // The client's end is not the container's.
            await engine.TryRunAsync(["rm", "--force", name], CancellationToken.None);
            throw;
        }
        finally
        {
            visitors.Forget(name);
        }
    }

    private static ReachabilityRow Compare(Probe probe, View view)
    {
        var (seen, control) = view.Of(probe);
        return new(
            probe.From.Name,
            probe.Target,
            probe.Question.Address,
            probe.Question.Port.ToString(CultureInfo.InvariantCulture),
            Words.Of(probe.Expected),
            Probe.IsInBetween(seen, control) ? $"nothing ({probe.Control}, which nobody has, answers the same)" : Words.Of(seen),
            view.IsAsExpected(probe))
        {
            Answered = seen.Outcome == Outcome.Answers,
        };
    }

    /// <summary>What listens and is not declared would be asked by nobody.</summary>
    private static ReachabilityRow CompareListeners(Place place, NetworkMember member, IReadOnlyList<IPEndPoint> listening)
    {
        var declared = Words.Of(member.Listeners.Select(listener => (listener.Port, listener.IsLoopbackOnly)));
        var found = Words.Of(listening.Select(endpoint => (endpoint.Port, IPAddress.IsLoopback(endpoint.Address))));
        return new(place.Name, place.Name, "listens on", "", declared, found, declared == found);
    }

    private sealed record View(Dictionary<Question, Reply> Replies, IReadOnlyList<IPEndPoint> Listening)
    {
        public (Reply Seen, Reply? Control) Of(Probe probe) => (Replies[probe.Question], probe.ControlQuestion is { } control ? Replies[control] : null);

        public bool IsAsExpected(Probe probe)
        {
            var (seen, control) = Of(probe);
            return probe.IsAsExpected(seen, control);
        }
    }
}
