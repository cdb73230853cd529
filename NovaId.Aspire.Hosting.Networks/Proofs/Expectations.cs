using System.Net;

namespace Aspire.Hosting.Networks;

/// <summary>Derives from the model what is to be seen from each place: who shares a network reaches one another, nobody else.</summary>
internal static class Expectations
{
    private const string InternetAddress = "1.1.1.1";
    private const string InternetName = "example.com";
    private const int HttpPort = 80;

    private static readonly Greeting Anything = Greeting.Http("/", "");

    /// <summary>Every question from every place.</summary>
    public static IReadOnlyList<Probe> Derive(
        IReadOnlyList<Place> places,
        IReadOnlyList<NetworkMember> members,
        IReadOnlyList<ContainerNetworkResource> networks,
        IReadOnlyList<ObservedAddress> addresses)
    {
        var edges = networks.OfType<EdgeNetworkResource>().ToDictionary(edge => edge.EngineName);
        var inside = networks.Where(network => network.IsInternal).Select(network => network.EngineName).ToHashSet();
        var probes = new List<Probe>();
        foreach (var place in places)
        {
            foreach (var member in members)
            {
                probes.AddRange(member.ContainerName is null
                    ? ToProgram(place, member, edges, addresses)
                    : ToContainer(place, member, addresses));
                probes.AddRange(ToPublished(place, member, edges.Values, addresses));
            }

            probes.AddRange(ToForeignAliases(place, members));
            probes.AddRange(ToInternet(place, inside));
        }

        return probes;
    }

    private static IEnumerable<Probe> ToContainer(Place place, NetworkMember member, IReadOnlyList<ObservedAddress> addresses)
    {
        if (place.Is(member))
        {
            // Otherwise a refused port could be one on which nothing listens.
            return member.Listeners.Select(listener =>
                new Probe(place, member.Name, new(IPAddress.Loopback.ToString(), listener.Port, listener.Greeting), Expectation.Answers));
        }

        var own = addresses.Where(address => address.ContainerName == member.ContainerName).ToArray();
        var names =
            from name in own.SelectMany(address => address.Names).Prepend(member.Name).Distinct()
            let known = own.Where(address => address.Names.Contains(name)).Any(address => place.KnowsNames && Share(place, member, address.Network))
            from listener in member.Listeners
            select new Probe(place, member.Name, new(name, listener.Port, listener.Greeting), known ? Reached(listener) : Expectation.NoSuchName);
        var numbers =
            from address in own
            from listener in member.Listeners
            let shared = Share(place, member, address.Network)
            select new Probe(
                place,
                member.Name,
                new(address.Address.ToString(), listener.Port, listener.Greeting),
                shared ? Reached(listener) : Expectation.Nothing,
                shared ? null : AddressSpace.Unused(address, addresses));
        return names.Concat(numbers);
    }

    /// <summary>The model decides who shares a network; the engine says only by which names and addresses.</summary>
    private static bool Share(Place place, NetworkMember member, string network) => place.Networks.Contains(network) && member.Networks.Contains(network);

    private static Expectation Reached(ListenerAnnotation listener) => listener.IsLoopbackOnly ? Expectation.Refuses : Expectation.Answers;

    /// <summary>A program on this machine listens on the edge network's side of it, where no network keeps other containers out.</summary>
    private static IEnumerable<Probe> ToProgram(
        Place place, NetworkMember program, Dictionary<string, EdgeNetworkResource> edges, IReadOnlyList<ObservedAddress> addresses)
    {
        foreach (var listener in program.Listeners)
        {
            yield return new(
                place,
                program.Name,
                new(program.Name, listener.Port, listener.Greeting),
                place.Aliases.Contains(program.Name) ? Expectation.Answers : Expectation.NoSuchName);
            foreach (var edge in program.Networks.Select(network => edges[network]).Where(edge => edge.BridgeAddress is not null))
            {
                var expected = place.Kind == PlaceKind.Machine || place.Networks.Contains(edge.EngineName) ? Expectation.Answers
                    : place.Kind == PlaceKind.OrdinaryBridge ? Expectation.NotPromised
                    : Expectation.Nothing;
                yield return new(
                    place,
                    program.Name,
                    new(edge.BridgeAddress!, listener.Port, listener.Greeting),
                    expected,
                    expected == Expectation.Nothing ? AddressSpace.Unused(edge.EngineName, addresses) : null);
            }
        }
    }

    /// <summary>A published port is open on this machine's loopback address, and on no other.</summary>
    private static IEnumerable<Probe> ToPublished(
        Place place, NetworkMember member, IEnumerable<EdgeNetworkResource> edges, IReadOnlyList<ObservedAddress> addresses)
    {
        foreach (var published in member.Published)
        {
            var greeting = member.Listeners.First(listener => listener.Port == published.TargetPort).Greeting;
            if (place.Kind == PlaceKind.Machine)
            {
                yield return new(place, member.Name, new(IPAddress.Loopback.ToString(), published.Port, greeting), Expectation.Answers);
            }

            foreach (var edge in edges.Where(edge => edge.BridgeAddress is not null))
            {
                yield return new(
                    place,
                    member.Name,
                    new(edge.BridgeAddress!, published.Port, greeting),
                    Expectation.Nothing,
                    AddressSpace.Unused(edge.EngineName, addresses));
            }
        }
    }

    /// <summary>What is a name for this machine in one container means nothing in another.</summary>
    private static IEnumerable<Probe> ToForeignAliases(Place place, IReadOnlyList<NetworkMember> members) =>
        from alias in members.SelectMany(member => member.Aliases).Distinct()
        where !place.Aliases.Contains(alias) && members.All(member => member.Name != alias)
        select new Probe(place, "this machine", new(alias, HttpPort, Anything), Expectation.NoSuchName);

    private static IEnumerable<Probe> ToInternet(Place place, HashSet<string> inside)
    {
        if (place.Kind is not (PlaceKind.Container or PlaceKind.Visitor))
        {
            yield break;
        }

        yield return new(place, "the internet", new(InternetAddress, HttpPort, Anything), Expectation.Nothing);
        if (place.Networks.IsSubsetOf(inside))
        {
            yield return new(place, "the internet", new(InternetName, HttpPort, Anything), Expectation.NoSuchName);
        }
    }
}
