using System.Text.Json;

namespace Aspire.Hosting.Networks;

/// <summary>Asks the engine which networks there are, and which running container stands on which.</summary>
internal sealed class TopologyObserver(ContainerEngine engine)
{
    /// <summary>The networks of these names that exist.</summary>
    public async Task<IReadOnlyList<ObservedNetwork>> NetworksAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        // A missing network makes the exit code 1; what there is, is printed all the same.
        var outcome = await engine.TryRunAsync(["network", "inspect", .. names], cancellationToken);
        using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(outcome.Output) ? "[]" : outcome.Output);
        return
        [
            .. document.RootElement.EnumerateArray().Select(network => new ObservedNetwork(
                network.GetProperty("Name").GetString()!,
                network.GetProperty("Internal").GetBoolean(),
                Options(network.GetProperty("Options")))),
        ];
    }

    /// <summary>Every running container.</summary>
    public async Task<IReadOnlyList<ObservedContainer>> ContainersAsync(CancellationToken cancellationToken)
    {
        var output = await engine.RunAsync(["ps", "--no-trunc", "--format", "{{.Names}}\t{{.Networks}}"], cancellationToken);
        return
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split('\t'))
                .Where(parts => parts.Length == 2)
                .Select(parts => new ObservedContainer(parts[0], parts[1].Split(',').ToHashSet())),
        ];
    }

    private static Dictionary<string, string> Options(JsonElement options) =>
        options.ValueKind == JsonValueKind.Object
            ? options.EnumerateObject().ToDictionary(option => option.Name, option => option.Value.GetString() ?? "")
            : [];
}
