using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NovaId.Bench.Load;
using NovaId.Bench.Measurement;
using NovaId.Bench.Population;
using NovaId.Bench.Zones;
using NovaId.Emulator.Network;
using NovaId.Native;

namespace NovaId.Bench.Instances;

/// <summary>
/// What a request costs with one instance of the API on SQLite, with one on PostgreSQL, and with several on one PostgreSQL: the same load on
/// the same machine in turns; and with one that has the share of the load that each of several has, because a program that is asked less often
/// pays more for each request. All are behind the same balancer. The database server's own processor time is not counted.
/// </summary>
internal static class InstancesRunner
{
    private const int Connections = 16;

    /// <summary>What has a share of a processor stands still for most of the time, and is busy only if enough wait for it.</summary>
    private const int ConnectionsToShares = 64;

    /// <returns>The report.</returns>
    public static async Task<string> RunAsync(int instances, string? through, bool isQuick, TextWriter progress, CancellationToken cancellationToken)
    {
        if (!NativePostgres.IsInstalled)
        {
            throw new BenchException("--instances needs PostgreSQL: initdb, postgres and psql on the PATH.");
        }

        var folder = Directory.CreateTempSubdirectory("novaid-bench-postgres-");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                folder.FullName,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        try
        {
            await using var postgres = await NativePostgres.StartAsync(folder, LoopbackPorts.Take(1)[0], databases: null);
            return await MeasureAsync(postgres, instances, through, isQuick ? (2, 3) : (5, 10), progress, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> MeasureAsync(
        NativePostgres postgres,
        int instances,
        string? through,
        (int Rounds, int Seconds) plan,
        TextWriter progress,
        CancellationToken cancellationToken)
    {
        var subjects = new List<Subject>();
        var connections = through is null ? Connections : ConnectionsToShares;
        try
        {
            subjects.Add(await StartAsync("SQLite, 1 instance", instances: 1, connections, settings: []));
            subjects.Add(await StartAsync("PostgreSQL, 1 instance", instances: 1, connections, await DatabaseAsync("bench_one")));
            var share = Math.Max(1, connections / instances);
            subjects.Add(await StartAsync(
                string.Create(CultureInfo.InvariantCulture, $"PostgreSQL, 1 instance, {share} connections"), instances: 1, share, await DatabaseAsync("bench_share")));
            subjects.Add(await StartAsync(
                string.Create(CultureInfo.InvariantCulture, $"PostgreSQL, {instances} instances"), instances, connections, await DatabaseAsync("bench_several")));
            for (var round = 0; round <= plan.Rounds; round++)
            {
                foreach (var subject in subjects)
                {
                    await subject.MeasureAsync(TimeSpan.FromSeconds(plan.Seconds), isWarmUp: round == 0, cancellationToken);
                }

                await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"round {round} of {plan.Rounds}"));
            }

            var report = new StringBuilder()
                .AppendLine(CultureInfo.InvariantCulture, $"| GET /api/me by session, {connections} connections | requests a second | p50, ms | API's CPU for a request, ms |")
                .AppendLine("|---|---|---|---|");
            foreach (var subject in subjects)
            {
                report.AppendLine(subject.Describe());
            }

            return report.ToString();
        }
        finally
        {
            foreach (var subject in subjects)
            {
                await subject.DisposeAsync();
            }
        }

        async Task<Subject> StartAsync(string title, int instances, int connections, Dictionary<string, string> settings)
        {
            settings["Limits:Instances"] = instances.ToString(CultureInfo.InvariantCulture);
            var zone = await EmulatorZone.StartAsync(configurationFolder: null, settings, cancellationToken, instances, through);
            try
            {
                return new Subject(title, connections, zone, await ZonePopulation.CreateAsync(zone, BenchPlan.People, cancellationToken));
            }
            catch
            {
                // Nobody holds it yet, and its API is a process of its own.
                await zone.DisposeAsync();
                throw;
            }
        }

        async Task<Dictionary<string, string>> DatabaseAsync(string name)
        {
            await postgres.ExecuteAsync("postgres", $"CREATE DATABASE {name};");
            return new Dictionary<string, string>
            {
                ["Storage:ConnectionString"] = postgres.ConnectionString(name),
                ["AccessLog:Key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            };
        }
    }

    private sealed class Subject(string title, int connections, EmulatorZone zone, ZonePopulation population) : IAsyncDisposable
    {
        private readonly LoadGenerator _load = new(connections);
        private readonly Workload _workload = PathCatalog.Create(zone, population).Single(path => path.Id == PathCatalog.Session).Workload;
        private readonly List<(double Rate, double Median, double Cpu)> _rounds = [];

        public async Task MeasureAsync(TimeSpan duration, bool isWarmUp, CancellationToken cancellationToken)
        {
            var before = zone.InstancesCpu;
            var slice = await _load.RunAsync(_workload, connections, duration, cancellationToken);
            var cpu = zone.InstancesCpu - before;
            if (!isWarmUp)
            {
                _rounds.Add((
                    slice.Requests / slice.Elapsed.TotalSeconds,
                    slice.Milliseconds[slice.Milliseconds.Length / 2],
                    cpu.TotalMilliseconds / slice.Requests));
            }
        }

        /// <summary>The median of the rounds.</summary>
        public string Describe() => string.Create(
            CultureInfo.InvariantCulture,
            $"| {title} | {Median(round => round.Rate):0} | {Median(round => round.Median):0.0} | {Median(round => round.Cpu):0.000} |");

        public async ValueTask DisposeAsync()
        {
            _load.Dispose();
            await population.DisposeAsync();
            await zone.DisposeAsync();
        }

        private double Median(Func<(double Rate, double Median, double Cpu), double> select) => _rounds.Select(select).Order().ElementAt(_rounds.Count / 2);
    }
}
