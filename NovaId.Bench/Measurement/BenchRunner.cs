using System.Globalization;
using NovaId.Bench.Load;
using NovaId.Bench.Population;
using NovaId.Bench.Zones;
using NovaId.Operator;

namespace NovaId.Bench.Measurement;

/// <summary>
/// Measures in rounds of short slices, each round in another order: whatever else the machine does meets all paths alike.
/// </summary>
internal sealed class BenchRunner(BenchOptions options, BenchPlan plan, TextWriter progress)
{
    private const int WarmUpConnections = 16;

    // Always the same orders, so that two runs differ in nothing but time.
    private readonly Random _order = new(26);

    /// <summary>Measures every path of one zone.</summary>
    public async Task<ZoneFigures> MeasureAsync(CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync("Starting the zone …");
        await using var zone = await StartAsync(rules: null, cancellationToken);
        await using var population = await ZonePopulation.CreateAsync(zone, BenchPlan.People, cancellationToken);
        await zone.SettleAsync();
        var atStart = zone.ApiProcess?.Resident;
        var paths = PathCatalog.Create(zone, population);
        using var load = new LoadGenerator(BenchPlan.Connections.Max());
        await progress.WriteLineAsync("Warming up …");
        foreach (var path in paths)
        {
            await load.RunAsync(path.Workload, WarmUpConnections, plan.WarmUp, cancellationToken);
        }

        var measurements = new Measurements();
        long? atMost = null;
        await RunAsync(
            "Round",
            plan.Rounds,
            [.. from path in paths from connections in BenchPlan.Connections select (path, connections)],
            () => population.RenewAsync(cancellationToken),
            async cell =>
            {
                var (path, connections) = cell;
                var before = zone.ApiProcess?.Cpu;
                var slice = await load.RunAsync(path.Workload, connections, plan.Slice, cancellationToken);
                measurements.Add(path.Id, connections, slice, zone.ApiProcess?.Cpu - before);
                if (connections == BenchPlan.Connections.Max() && zone.ApiProcess is { } api)
                {
                    atMost = Math.Max(atMost ?? 0, api.Resident);
                }
            });
        return new ZoneFigures(zone.Kind, paths, measurements, atStart, atMost);
    }

    /// <summary>Measures the growing paths in zones of several sizes that run at the same time; null where there are none.</summary>
    public async Task<Growth?> MeasureGrowthAsync(CancellationToken cancellationToken)
    {
        if (plan.GrowthZones.Count == 0)
        {
            return null;
        }

        var zones = new List<Inhabited>();
        try
        {
            foreach (var size in plan.GrowthZones)
            {
                await progress.WriteLineAsync($"Starting the zone: {size} …");
                zones.Add(await StartAsync(size, cancellationToken));
            }

            using var load = new LoadGenerator(Math.Max(WarmUpConnections, BenchPlan.GrowthConnections.Max()));
            await progress.WriteLineAsync("Warming up …");
            foreach (var (zone, path) in zones.SelectMany(zone => zone.Paths, (zone, path) => (zone, path)))
            {
                await load.RunAsync(path.Workload, WarmUpConnections, plan.WarmUp / 3, cancellationToken);
            }

            // Path by path, one zone right after the other, so that those which are compared were measured under like conditions.
            await RunAsync(
                "Growth, round",
                plan.GrowthRounds,
                [.. from path in PathCatalog.Growing from connections in BenchPlan.GrowthConnections select (path, connections)],
                async () =>
                {
                    foreach (var zone in zones)
                    {
                        await zone.Population.RenewAsync(cancellationToken);
                    }
                },
                async cell =>
                {
                    foreach (var zone in Shuffled(zones))
                    {
                        var path = zone.Paths.Single(path => path.Id == cell.path);
                        var slice = await load.RunAsync(path.Workload, cell.connections, plan.GrowthSlice, cancellationToken);
                        zone.Measurements.Add(path.Id, cell.connections, slice, cpu: null);
                    }
                });
            return new Growth([.. zones.Select(zone => (zone.Size, zone.Measurements))]);
        }
        finally
        {
            foreach (var zone in zones)
            {
                await zone.DisposeAsync();
            }
        }
    }

    private async Task RunAsync<T>(string title, int rounds, T[] cells, Func<Task> renew, Func<T, Task> measure)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        for (var round = 0; round < rounds; round++)
        {
            await renew();
            foreach (var cell in Shuffled(cells))
            {
                await measure(cell);
            }

            var left = TimeProvider.System.GetElapsedTime(startedAt) / (round + 1) * (rounds - round - 1);
            await progress.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{title} {round + 1} of {rounds}, about {left.TotalSeconds:0} s left"));
        }
    }

    private T[] Shuffled<T>(IEnumerable<T> items)
    {
        T[] shuffled = [.. items];
        _order.Shuffle(shuffled);
        return shuffled;
    }

    private async Task<Inhabited> StartAsync(GrowthZone size, CancellationToken cancellationToken)
    {
        var zone = await StartAsync(size.Rules, cancellationToken);
        ZonePopulation? population = null;
        try
        {
            population = await ZonePopulation.CreateAsync(zone, BenchPlan.People, cancellationToken);
            await population.AddIdentitiesAsync(size.Identities, cancellationToken);
            await population.AddTuplesAsync(size.Tuples, cancellationToken);
            await zone.SettleAsync();
            var paths = PathCatalog.Create(zone, population).Where(path => PathCatalog.Growing.Contains(path.Id));
            return new Inhabited(size, zone, population, [.. paths]);
        }
        catch
        {
            await (population?.DisposeAsync() ?? ValueTask.CompletedTask);
            await zone.DisposeAsync();
            throw;
        }
    }

    private async Task<IBenchZone> StartAsync(int? rules, CancellationToken cancellationToken)
    {
        // The services read it once, at their start.
        using var configuration = rules is { } count ? ExtendedConfiguration.Create(count) : null;
        return options.Zone switch
        {
            BenchOptions.Emulator => await EmulatorZone.StartAsync(configuration?.Folder, options.ApiSettings, cancellationToken),
            BenchOptions.Native => await NativeZone.StartAsync(configuration?.Folder, options.ApiSettings, cancellationToken),
            _ => new ExternalZone(
                Uri.TryCreate(options.Zone, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                    ? address
                    : throw new BenchException($"--zone must be emulator, native or the gateway's address, not '{options.Zone}'."),
                AccountOfOperator()),
        };
    }

    private OperatorAccount AccountOfOperator()
    {
        if (options.OperatorKeyFile is not { Length: > 0 } file)
        {
            return OperatorAccount.WithSecret(
                options.OperatorSecret ?? throw new BenchException("A zone that runs needs --operator-key-file or NOVAID_OPERATOR_KEY_FILE; or, for a client with a secret, NOVAID_OPERATOR_SECRET."),
                options.OperatorId);
        }

        try
        {
            return OperatorAccount.WithKey(File.ReadAllText(file), options.OperatorId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new BenchException($"{file} holds no private key of the operator's client that this program can read.");
        }
    }

    private sealed record Inhabited(GrowthZone Size, IBenchZone Zone, ZonePopulation Population, IReadOnlyList<MeasuredPath> Paths)
        : IAsyncDisposable
    {
        public Measurements Measurements { get; } = new();

        public async ValueTask DisposeAsync()
        {
            await Population.DisposeAsync();
            await Zone.DisposeAsync();
        }
    }
}
