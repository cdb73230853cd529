namespace Aspire.Hosting.Networks;

/// <summary>Compares the networks that the model declares with those that the engine shows.</summary>
internal static class Topology
{
    /// <summary>Every difference in words; none where the two agree.</summary>
    public static IReadOnlyList<string> Differences(
        IReadOnlyList<ContainerNetworkResource> networks,
        IReadOnlyList<NetworkMember> members,
        bool canIsolate,
        IReadOnlyList<ObservedNetwork> seenNetworks,
        IReadOnlyList<ObservedContainer> seenContainers)
    {
        var differences = new List<string>();
        foreach (var network in networks)
        {
            CompareNetwork(network, canIsolate, seenNetworks.FirstOrDefault(seen => seen.Name == network.EngineName), differences);
        }

        var shownAs = networks.ToDictionary(network => network.EngineName, network => network.Name);
        foreach (var container in seenContainers)
        {
            CompareContainer(container, members.FirstOrDefault(member => member.ContainerName == container.Name), shownAs, differences);
        }

        return differences;
    }

    private static void CompareNetwork(ContainerNetworkResource declared, bool canIsolate, ObservedNetwork? seen, List<string> differences)
    {
        if (seen is null)
        {
            differences.Add($"the network '{declared.Name}' ({declared.EngineName}) does not exist");
            return;
        }

        if (seen.IsInternal != declared.IsInternal)
        {
            differences.Add($"the network '{declared.Name}' {(seen.IsInternal ? "has no way out" : "has a way out")}, the model says otherwise");
        }

        foreach (var (option, value) in declared.Options(canIsolate))
        {
            var found = seen.Options.GetValueOrDefault(option);
            if (found != value)
            {
                differences.Add($"the network '{declared.Name}' has {option}={found ?? "nothing"}, the model says {value}");
            }
        }
    }

    private static void CompareContainer(
        ObservedContainer seen, NetworkMember? declared, Dictionary<string, string> shownAs, List<string> differences)
    {
        if (declared is null)
        {
            differences.AddRange(seen.Networks.Where(shownAs.ContainsKey)
                .Select(network => $"'{seen.Name}', which the model does not know, is on '{shownAs[network]}'"));
            return;
        }

        differences.AddRange(seen.Networks.Except(declared.Networks)
            .Select(network => $"'{declared.Resource.Name}' is on '{shownAs.GetValueOrDefault(network, network)}', where the model does not put it"));
        differences.AddRange(declared.Networks.Except(seen.Networks)
            .Select(network => $"'{declared.Resource.Name}' is not on '{shownAs[network]}', where the model puts it"));
    }
}
