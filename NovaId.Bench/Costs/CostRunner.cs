using System.Globalization;
using System.Text;
using NovaId.Bench.Load;
using NovaId.Bench.Measurement;
using NovaId.Bench.Population;
using NovaId.Bench.Zones;

namespace NovaId.Bench.Costs;

/// <summary>
/// What one request costs each program of a zone on the real programs, in processor time: from it follows how many of each a load needs,
/// whatever the machine shares among them while it is measured.
/// </summary>
internal static class CostRunner
{
    private const int Connections = 16;

    /// <summary>A password is hashed with all the memory and processors that the hasher is given, so few at a time show what one costs.</summary>
    private const int Logins = 4;

    private static readonly string[] Paths =
        [PathCatalog.Session, PathCatalog.OAuth2Person, PathCatalog.OAuth2Client, PathCatalog.RankCheck, PathCatalog.DocumentList];

    /// <returns>The report: a row for each kind of request, a column for each program.</returns>
    public static async Task<string> RunAsync(bool isQuick, TextWriter progress, CancellationToken cancellationToken)
    {
        var slice = TimeSpan.FromSeconds(isQuick ? 4 : 15);
        await using var zone = await NativeZone.StartAsync(configurationFolder: null, apiSettings: new Dictionary<string, string>(), cancellationToken);
        await using var population = await ZonePopulation.CreateAsync(zone, BenchPlan.People, cancellationToken);
        await zone.SettleAsync();
        using var load = new LoadGenerator(Connections);
        string[] programs = [.. zone.ProcessIds.Keys];
        var report = new StringBuilder($"| a request | {string.Join(" | ", programs)} | together |\n|---|{string.Concat(programs.Select(_ => "---:|"))}---:|\n");
        foreach (var path in PathCatalog.Create(zone, population).Where(path => Paths.Contains(path.Id)))
        {
            await population.RenewAsync(cancellationToken);
            await load.RunAsync(path.Workload, Connections, TimeSpan.FromSeconds(2), cancellationToken);
            await MeasureAsync(path.Title, async () => (await load.RunAsync(path.Workload, Connections, slice, cancellationToken)).Requests);
        }

        await MeasureAsync("a login by password (flow and answer)", () => LoginAsync(population, slice, cancellationToken));
        return report.ToString();

        async Task MeasureAsync(string title, Func<Task<int>> work)
        {
            var before = Cpu();
            var requests = await work();
            double[] costs = [.. Cpu().Zip(before, (after, earlier) => (after - earlier).TotalMilliseconds / requests)];
            report.AppendLine(string.Create(
                CultureInfo.InvariantCulture, $"| {title} | {string.Join(" | ", costs.Select(cost => cost.ToString("0.00", CultureInfo.InvariantCulture)))} | {costs.Sum():0.0} |"));
            await progress.WriteLineAsync($"{title}: {requests} requests");
        }

        TimeSpan[] Cpu() => [.. zone.ProcessIds.Values.Select(ProcessTree.Now().Cpu)];
    }

    private static async Task<int> LoginAsync(ZonePopulation population, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(duration);
        var logins = await Task.WhenAll(Enumerable.Range(0, Logins).Select(async number =>
        {
            var person = await population.CreatePersonAsync(Ranks.Lowest, cancellationToken);
            var count = 0;
            for (; !time.IsCancellationRequested; count++)
            {
                await population.LoginAsync(person, cancellationToken);
            }

            return count;
        }));
        return logins.Sum();
    }
}
