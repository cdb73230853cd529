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

    /// <summary>How long an answer may take when it is asked for first, and each time after.</summary>
    private static readonly TimeSpan[] AnswerPatience = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8)];

    /// <summary>Looks, and compares with the model.</summary>
    /// <exception cref="ContainerEngineException">Not everything runs, or the engine refused; the message names the remedy.</exception>
    public async Task<ReachabilityMatrix> ProveAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var members = InOrder(NetworkMember.All(model));
        ContainerNetworkResource[] networks = [.. model.Resources.OfType<ContainerNetworkResource>()];
        var observed = await ObserveAsync(members, cancellationToken);
        var places = Places(members, networks, observed.Addresses);
        var probes = Expectations.Derive(places, members, networks, observed.Addresses);
        (Place Place, View View)[] views;
        try
        {
            views = await LookAsync(places, probes, observed.Image, cancellationToken);
        }
        catch (ContainerEngineException)
        {
            // What has ended since cannot be looked from, and that says more than the engine does.
            await ObserveAsync(members, cancellationToken);
            throw;
        }

        EnsureListening(members.Where(member => observed.Unasked.Contains(member.ContainerName)), views);
        EnsureListening(members.Where(member => member.ContainerName is null), probes, views);
        ReachabilityRow[] rows =
        [
            .. views.SelectMany(pair => probes.Where(probe => probe.From == pair.Place).Select(probe => Compare(probe, pair.View))),
            .. views.Where(pair => pair.Place.Kind == PlaceKind.Container)
                .Select(pair => CompareListeners(pair.Place, members.First(pair.Place.Is), pair.View.Listening)),
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

    /// <summary>Where each running container stands, an image with a shell of BusyBox, and the containers that nobody asks for their health.</summary>
    private async Task<(IReadOnlyList<ObservedAddress> Addresses, string Image, IReadOnlySet<string?> Unasked)> ObserveAsync(
        NetworkMember[] members, CancellationToken cancellationToken)
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
            throw NotUp(missing);
        }

        var shell = members.FirstOrDefault(member => member.Resource == Witness)?.ContainerName;
        return (
            [.. containers.SelectMany(container => Addresses(container.Key, container.Value))],
            shell is null ? ProofImageTags.Name : containers[shell].GetProperty("Image").GetString()!,
            containers.Where(container => !container.Value.GetProperty("State").TryGetProperty("Health", out _)).Select(container => (string?)container.Key).ToHashSet());
    }

    private static ContainerEngineException NotUp(IEnumerable<NetworkMember> missing) => new(
        $"Not everything runs. Not up, or not yet: {string.Join(", ", missing.Select(member => $"'{member.Name}'"))}. "
        + "Start what is stopped, wait until it is healthy and prove again.");

    /// <summary>Of a container that nobody asks for its health, only its own sockets say that it is up.</summary>
    private static void EnsureListening(IEnumerable<NetworkMember> members, (Place Place, View View)[] views)
    {
        NetworkMember[] missing =
        [
            .. from member in members
               from pair in views
               where pair.Place.Is(member)
               let open = pair.View.Listening.Select(endpoint => endpoint.Port)
               where member.Listeners.Any(listener => !open.Contains(listener.Port))
               select member,
        ];
        if (missing.Length > 0)
        {
            throw NotUp(missing);
        }
    }

    /// <summary>Of a program on this machine, it is this machine that says whether it is up.</summary>
    private static void EnsureListening(IEnumerable<NetworkMember> programs, IReadOnlyList<Probe> probes, (Place Place, View View)[] views)
    {
        var refused =
            from pair in views
            where pair.Place.Kind == PlaceKind.Machine
            from probe in probes
            where probe.From == pair.Place && probe.Expected == Expectation.Answers && pair.View.Replies[probe.Question].Outcome == Outcome.Refused
            select probe.Target;
        NetworkMember[] missing = [.. programs.Where(program => refused.Contains(program.Name))];
        if (missing.Length > 0)
        {
            throw NotUp(missing);
        }
    }

    /// <summary>What is still starting does not listen yet, or on something else.</summary>
    private static bool IsUp(JsonElement state) =>
        state.GetProperty("Running").GetBoolean()
        && !state.GetProperty("Restarting").GetBoolean()
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

    /// <summary>
    /// Looks from everywhere. What was not answered in time is asked again with more patience, because a busy machine is no fault of the
    /// networks, and so is what should answer and does not: one program may have begun to listen a moment after another place was asked. What
    /// answers and should not is not asked again.
    /// </summary>
    private async Task<(Place Place, View View)[]> LookAsync(
        IReadOnlyList<Place> places, IReadOnlyList<Probe> probes, string image, CancellationToken cancellationToken)
    {
        var views = await Task.WhenAll(places.Select(place => LookAsync(place, Own(place), image, AnswerPatience[0], cancellationToken)));
        foreach (var patience in AnswerPatience[1..])
        {
            views = await Task.WhenAll(places.Zip(views, (place, view) => AgainAsync(place, view, patience)));
        }

        return [.. places.Zip(views).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!))];

        Probe[] Own(Place place) => [.. probes.Where(probe => probe.From == place)];

        async Task<View?> AgainAsync(Place place, View? view, TimeSpan patience)
        {
            if (view is null
                || WorthAsking(Own(place), view) is not [_, ..] again
                || await LookAsync(place, again, image, patience, cancellationToken) is not { } further)
            {
                return view;
            }

            foreach (var (question, reply) in further.Replies)
            {
                view.Replies[question] = reply;
            }

            return view with { Listening = further.Listening };
        }
    }

    /// <summary>Where an answer that is due was late, so may one be that is not to come: that nothing answers is asked again there, too.</summary>
    private static Probe[] WorthAsking(Probe[] probes, View view)
    {
        var isLate = Array.Exists(probes, probe => probe.Expected == Expectation.Answers && IsLate(probe));
        return
        [
            .. probes.Where(probe => view.IsAsExpected(probe)
                ? isLate && probe.Expected == Expectation.Nothing && IsLate(probe)
                : probe.Expected == Expectation.Answers || IsLate(probe)),
        ];

        bool IsLate(Probe probe) => view.Replies[probe.Question].Outcome is Outcome.TimedOut or Outcome.Unknown;
    }

    /// <returns>Null where the place has ended meanwhile, as what runs once does.</returns>
    private async Task<View?> LookAsync(Place place, Probe[] probes, string image, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(place, probes, image, patience, cancellationToken);
        }
        catch (ContainerEngineException) when (place.Kind == PlaceKind.Container)
        {
            var outcome = await engine.TryRunAsync(["inspect", "--format", "{{.State.Running}}", place.Attachment.Split(':')[1]], cancellationToken);
            if (outcome.Output.Trim() == "true")
            {
                throw;
            }

            return null;
        }
    }

    private async Task<View> AskAsync(Place place, Probe[] probes, string image, TimeSpan patience, CancellationToken cancellationToken)
    {
        Question[] questions = [.. probes.SelectMany(probe => new[] { probe.Question, probe.ControlQuestion }).OfType<Question>().Distinct()];
        var (replies, listening) = place.Kind == PlaceKind.Machine
            ? (await MachineProber.AskAsync(questions, patience, cancellationToken), [])
            : ProbeScript.Read(questions, await RunAsync(place, ProbeScript.Write(questions, patience), image, cancellationToken));
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
