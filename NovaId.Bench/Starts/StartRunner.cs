using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Ory;
using NovaId.Bench.Measurement;
using NovaId.Bench.Report;
using NovaId.Emulator.Network;

namespace NovaId.Bench.Starts;

/// <summary>
/// How long it takes from a command to Kratos' first answer through the gateway: by the AppHost, by the engine's client alone, and by an
/// AppHost of the same containers that has nothing of ours. All in turns on the same machine, each with a new database.
/// </summary>
internal static class StartRunner
{
    /// <summary>What only Kratos says: a flow for a login.</summary>
    private const string Question = "/.ory/kratos/public/self-service/login/api";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    /// <param name="starts">How many starts of each.</param>
    /// <param name="checkouts">Folders of other checkouts, whose AppHosts are measured too.</param>
    /// <param name="progress">Where each start is told.</param>
    /// <param name="cancellationToken">Ends it; nothing is left running.</param>
    /// <returns>The report.</returns>
    /// <exception cref="BenchException">There is no engine, or a zone did not start.</exception>
    public static async Task<string> RunAsync(int starts, IReadOnlyList<string> checkouts, TextWriter progress, CancellationToken cancellationToken)
    {
        var repository = Repository();
        var others = checkouts.Select(checkout => (Checkout: checkout, AppHost: AppHostOf(checkout))).ToList();
        await Client.RunAsync("docker", ["version", "--format", "{{.Server.Version}}"], cancellationToken);
        var folder = Directory.CreateTempSubdirectory("novaid-starts-");
        try
        {
            var (appHost, floor) = (Path.Combine(repository, "NovaId.AppHost"), Path.Combine(repository, "NovaId.Bench.Floor"));
            foreach (var project in (string[])[appHost, floor, .. others.Select(other => other.AppHost)])
            {
                await Client.RunAsync("dotnet", ["build", project, "--nologo", "--verbosity", "quiet"], cancellationToken);
            }

            var published = Path.Combine(folder.FullName, "published");
            await Client.RunAsync(
                "dotnet", ["run", "--no-build", "--project", appHost, "--", "--operation", "publish", "--step", "publish", "--output-path", published], cancellationToken);
            var variables = Variables(await File.ReadAllLinesAsync(Path.Combine(published, ".env"), cancellationToken));
            var ours = Containers("the AppHost", appHost);
            var engine = new Subject(new EngineStart(published, variables));
            var bare = new Subject(new BareAppHostStart(floor, published, variables));
            var emulator = new Subject(new ProgramStart(
                "the AppHost, profile `emulator`", port => Run(appHost, "emulator", port), new Dictionary<string, string>()));
            Subject[] subjects = [ours, engine, bare, emulator, .. others.Select(other => Containers($"the AppHost of `{Path.GetFileName(Path.GetFullPath(other.Checkout))}`", other.AppHost))];
            for (var round = 1; round <= starts; round++)
            {
                // Each is first once: what the one before it left in caches helps nobody always.
                for (var place = 0; place < subjects.Length; place++)
                {
                    var subject = subjects[(place + round) % subjects.Length];
                    var (elapsed, busy) = await subject.StartAsync(isLast: round == starts, cancellationToken);
                    await progress.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture, $"{round} of {starts}: {subject.Title}: {elapsed:0.0} s, {busy:0.0} processor seconds"));
                }
            }

            return Report(subjects, engine, unpaired: emulator, starts);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string[] Run(string project, string profile, string port) =>
    [
        "run", "--project", project, "--launch-profile", profile, "--",
        $"--Zone:GatewayPort={port}", "--Zone:ApiPort=0", "--Zone:DemoPort=0", "--Zone:KeepData=false", "--Zone:Name=novaid-bench-start",
    ];

    private static Subject Containers(string title, string appHost) =>
        new(new ProgramStart(title, port => Run(appHost, "containers", port), new Dictionary<string, string>()));

    private static string AppHostOf(string checkout) => Path.Combine(checkout, "NovaId.AppHost") is var appHost && Directory.Exists(appHost)
        ? appHost
        : throw new BenchException($"--against names a checkout of this repository; {checkout} has no folder NovaId.AppHost.");

    private static string Report(Subject[] subjects, Subject engine, Subject unpaired, int starts)
    {
        var report = new StringBuilder();
        report.AppendLine(CultureInfo.InvariantCulture, $"{starts} starts of each in turns on {Machine.Current}. In brackets the quartiles.");
        report.AppendLine();
        report.AppendLine("| start | seconds to Kratos' first answer | ratio to the floor, pair by pair | processor seconds until then | processors busy at rest |");
        report.AppendLine("|---|---|---|---|---|");
        foreach (var subject in subjects)
        {
            var isPaired = subject != engine && subject != unpaired;
            var ratio = isPaired ? Words(Statistics.Spread(subject.Seconds.Zip(engine.Seconds, (own, floor) => own / floor)), "0.00") : "";
            report.AppendLine(CultureInfo.InvariantCulture,
                $"| {subject.Title} | {Words(Statistics.Spread(subject.Seconds), "0.0")} | {ratio} | {Words(Statistics.Spread(subject.Busy), "0.0")} | {subject.Rest:0.00} |");
        }

        return report.ToString();

        static string Words(Spread spread, string format) => string.Create(
            CultureInfo.InvariantCulture,
            $"{spread.Median.ToString(format, CultureInfo.InvariantCulture)} ({spread.Lower.ToString(format, CultureInfo.InvariantCulture)}–{spread.Upper.ToString(format, CultureInfo.InvariantCulture)})");
    }

    /// <summary>A value for everything that one has to fill in.</summary>
    private static Dictionary<string, string> Variables(IEnumerable<string> lines)
    {
        var variables = lines
            .Where(line => line.EndsWith('=') && !line.StartsWith('#'))
            .Select(line => line[..^1])
            .Where(name => name.EndsWith("_SECRET", StringComparison.Ordinal) || name.EndsWith("PASSWORD", StringComparison.Ordinal))
            .ToDictionary(name => name, _ => RandomNumberGenerator.GetHexString(32, lowercase: true));
        variables["SIGNING_KEY"] = GeneratedKeySet.New();
        foreach (var client in (string[])["API", "OPERATOR", "ACCOUNTS"])
        {
            var key = variables[$"{client}_CLIENT_KEY"] = GeneratedClientKey.New();
            variables[$"{client}_CLIENT_PUBLIC_KEY"] = GeneratedClientKey.PublicSetOf(key).ToJsonString();
        }

        return variables;
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NovaId.sln")))
            {
                return folder.FullName;
            }
        }

        throw new BenchException("--starts builds and starts the AppHost: run it in the folder of NovaId.sln.");
    }

    private sealed class Subject(IStart start)
    {
        public string Title => start.Title;

        public List<double> Seconds { get; } = [];

        public List<double> Busy { get; } = [];

        /// <summary>How many processors are busy when nobody asks, beyond what was before the start.</summary>
        public double Rest { get; private set; }

        public async Task<(double Elapsed, double Busy)> StartAsync(bool isLast, CancellationToken cancellationToken)
        {
            var port = LoopbackPorts.Take(1)[0];
            var idle = isLast ? await BusyAsync(TimeSpan.FromSeconds(5), cancellationToken) : 0;
            var before = Machine.BusyTime();
            var startedAt = Stopwatch.GetTimestamp();
            await using var running = await start.BeginAsync(port, cancellationToken);
            await WaitAsync(new Uri($"http://localhost:{port}{Question}"), running, startedAt, cancellationToken);
            var (elapsed, busy) = (Stopwatch.GetElapsedTime(startedAt).TotalSeconds, (Machine.BusyTime() - before).TotalSeconds);
            Seconds.Add(elapsed);
            Busy.Add(busy);
            if (isLast)
            {
                await Task.Delay(Settling, cancellationToken);
                Rest = Math.Max(0, await BusyAsync(StartRunner.Rest, cancellationToken) - idle);
            }

            return (elapsed, busy);
        }

        private static async Task<double> BusyAsync(TimeSpan duration, CancellationToken cancellationToken)
        {
            var before = Machine.BusyTime();
            await Task.Delay(duration, cancellationToken);
            return (Machine.BusyTime() - before) / duration;
        }

        private async Task WaitAsync(Uri address, IAsyncDisposable running, long startedAt, CancellationToken cancellationToken)
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            while (Stopwatch.GetElapsedTime(startedAt) < Patience)
            {
                try
                {
                    using var response = await http.GetAsync(address, cancellationToken);
                    if (response.IsSuccessStatusCode && (await response.Content.ReadAsStringAsync(cancellationToken)).Contains("\"ui\"", StringComparison.Ordinal))
                    {
                        return;
                    }
                }
                catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    // Nobody listens yet.
                }

                await Task.Delay(50, cancellationToken);
            }

            throw new BenchException($"{Title}: Kratos did not answer within {Patience.TotalMinutes:0} minutes. {running}");
        }
    }
}
