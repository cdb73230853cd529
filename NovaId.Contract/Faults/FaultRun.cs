using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace NovaId.Contract.Faults;

/// <summary>What happened while a service failed with a crowd at work: before, meanwhile and afterwards.</summary>
public sealed class FaultRun
{
    /// <summary>What every answer must come within.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    /// <summary>Longer than the API waits for any answer.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2.4);

    /// <summary>Where nobody has an answer before the API gives up, so that most do who began in the first half.</summary>
    private static readonly TimeSpan DurationWithoutAnswers = TimeSpan.FromSeconds(3.4);

    /// <summary>How long the gateway remembers what Hydra said of a service token: <c>cache.ttl</c> in <c>access-rules.yml</c>.</summary>
    private static readonly TimeSpan GatewayMemory = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(10);

    private static readonly ConditionalWeakTable<IZone, ConcurrentDictionary<(FaultyService, FaultMode), Lazy<Task<FaultRun>>>> ByZone = [];

    private FaultRun()
    {
    }

    /// <summary>Every call of the crowd, once, before anything failed.</summary>
    public required IReadOnlyList<CallResult> Before { get; init; }

    /// <summary>From when on the service failed for everyone.</summary>
    public required DateTimeOffset Active { get; init; }

    /// <summary>The calls that were under way at any time while the service failed.</summary>
    public required IReadOnlyList<CallResult> Meanwhile { get; init; }

    /// <summary>Those of them that began and ended while it failed.</summary>
    public required IReadOnlyList<CallResult> Within { get; init; }

    /// <summary>Every call of the crowd that began after the service had been found to be back, each at least once.</summary>
    public required IReadOnlyList<CallResult> Afterwards { get; init; }

    /// <summary>How long it took after the end of the fault until everybody got what is theirs; null if it never came.</summary>
    public required TimeSpan? Recovery { get; init; }

    /// <summary>What was not done of what was said to be done, and done of what was not, while the service failed; and whether the answer left it
    /// open: 503, or none.</summary>
    public required IReadOnlyList<(string Call, bool IsOpen)> HalfDone { get; init; }

    /// <summary>The reasons that the access log gives for the requests that could not be decided.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The longest hop from the first call of the run to the last, which says whether the machine was fast enough for a verdict that
    /// hangs on time.</summary>
    public required TimeSpan LongestHop { get; init; }

    /// <summary>By how many bytes the API's memory grew; null where that cannot be measured.</summary>
    public required long? MemoryGrowth { get; init; }

    /// <summary>The run on a zone: it takes place once, and the cases look at it.</summary>
    public static Task<FaultRun> OnAsync(IZone zone, FaultyService service, FaultMode mode)
    {
        var runs = ByZone.GetValue(zone, _ => []);
        return runs.GetOrAdd((service, mode), _ => new(() => RunAsync(zone, service, mode))).Value;
    }

    /// <summary>
    /// A run of its own after the gateway has forgotten what it remembers of service tokens: the crowd's first calls make it remember all
    /// of them at once, for longer than the run takes.
    /// </summary>
    public static async Task<FaultRun> WithAFreshMemoryAsync(IZone zone, FaultyService service, FaultMode mode)
    {
        await Task.Delay(GatewayMemory + TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        return await RunAsync(zone, service, mode);
    }

    private static async Task<FaultRun> RunAsync(IZone zone, FaultyService service, FaultMode mode)
    {
        var crowd = await Crowd.ForAsync(zone);
        var start = DateTimeOffset.UtcNow;
        var before = await crowd.SendAllAsync(RecoveryLimit);
        // A machine that is busy with other things is slow whatever fails; that is not what is measured.
        var limit = AnswerLimit + before.Max(result => result.Duration);
        var ranksBefore = await crowd.RanksOfRecruitAsync();
        var memory = zone.Faults!.MeasureApiMemory();
        using var stopped = new CancellationTokenSource();
        var work = crowd.WorkAsync(limit, stopped.Token);
        await Task.Delay(300, CancellationToken.None);

        var begin = DateTimeOffset.UtcNow;
        var fault = await zone.Faults.BeginAsync(service, mode, CancellationToken.None);
        var active = DateTimeOffset.UtcNow;
        IReadOnlyList<CallResult> probes;
        long? growth;
        DateTimeOffset end;
        try
        {
            var isWithoutAnswers = mode is FaultMode.Hanging or FaultMode.Slow;
            var duration = Task.Delay(isWithoutAnswers ? DurationWithoutAnswers : Duration, CancellationToken.None);
            probes = await Task.WhenAll(Probes(crowd, ranksBefore).Select(call => Crowd.SendAsync(call, limit)));
            await duration;
            growth = zone.Faults.MeasureApiMemory() - memory;
        }
        finally
        {
            end = DateTimeOffset.UtcNow;
            await fault.DisposeAsync();
        }

        var recovery = await RecoverAsync(crowd, limit);
        var back = DateTimeOffset.UtcNow;
        var afterwards = await crowd.SendAllAsync(limit);
        await stopped.CancelAsync();
        var results = await work;
        CallResult[] meanwhile = [.. results.Concat(probes).Where(result => result.End > begin && result.Start < end)];
        return new()
        {
            Before = before,
            Active = active,
            Meanwhile = meanwhile,
            Within = [.. meanwhile.Where(result => result.Start >= active && result.End <= end)],
            Afterwards = recovery is null ? [] : [.. afterwards, .. results.Where(result => result.Start > back)],
            Recovery = recovery,
            HalfDone = recovery is null ? [] : [.. await HalfDoneAsync(crowd, probes, ranksBefore)],
            Reasons = recovery is null ? [] : await ReasonsAsync(crowd, begin),
            LongestHop = Pace.Of(zone.Gateway).Longest(start, DateTimeOffset.UtcNow),
            MemoryGrowth = growth,
        };
    }

    /// <summary>Calls that begin and end while the service fails: two changes that can be looked up later, and one for which the API asks
    /// Hydra, whatever the caller shows.</summary>
    private static CrowdCall[] Probes(Crowd crowd, IReadOnlyList<string> ranks)
    {
        var rank = ranks.Single() == "Private" ? "Corporal" : "Private";
        var title = Guid.NewGuid().ToString();
        return
        [
            new("a general moves the recruit", Credential.Session, crowd.General, HttpMethod.Put, $"/api/users/{crowd.Recruit}/rank", 200, new { rank }),
            new("an owner makes a document", Credential.Session, crowd.Owner, HttpMethod.Post, "/api/documents", 201, new { title, content = "" }),
            new("an owner lists their keys", Credential.Session, crowd.Owner, HttpMethod.Get, "/api/keys", 200),
        ];
    }

    private static async Task<IEnumerable<(string Call, bool IsOpen)>> HalfDoneAsync(Crowd crowd, IReadOnlyList<CallResult> probes, IReadOnlyList<string> ranksBefore)
    {
        var rankChanged = !ranksBefore.SequenceEqual(await crowd.RanksOfRecruitAsync());
        var title = JsonSerializer.SerializeToElement(probes[1].Call.Content).GetProperty("title").GetString();
        var titles = (await crowd.Owner.GetAsync("/api/documents?pageSize=100")).Expect(200).Strings("items", "title");
        bool[] isDone = [rankChanged, titles.Contains(title)];
        return probes.Zip(isDone).Where(pair => pair.First.IsAsItShould != pair.Second).Select(pair => ($"{pair.First}, done: {pair.Second}", pair.First.Reply is null or { Status: 503 }));
    }

    private static async Task<TimeSpan?> RecoverAsync(Crowd crowd, TimeSpan limit)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < RecoveryLimit)
        {
            if ((await crowd.SendAllAsync(limit, allowedOnly: true)).All(result => result.IsAsItShould))
            {
                return waited.Elapsed;
            }

            await Task.Delay(100, CancellationToken.None);
        }

        return null;
    }

    private static async Task<IReadOnlyList<string>> ReasonsAsync(Crowd crowd, DateTimeOffset since)
    {
        var reasons = new List<string>();
        for (string? token = null; ;)
        {
            var query = token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}";
            var page = (await crowd.General.GetAsync($"/api/logs?allowed=false&pageSize=100{query}")).Expect(200);
            var rows = page["items"].EnumerateArray().Where(row => row.GetProperty("time").GetDateTimeOffset() >= since).ToList();
            reasons.AddRange(rows.Where(row => row.GetProperty("status").GetInt32() == 503).Select(row => row.GetProperty("reason").GetString()!));
            token = page["nextPageToken"].GetString();
            if (token is null || rows.Count == 0)
            {
                return reasons;
            }
        }
    }
}
