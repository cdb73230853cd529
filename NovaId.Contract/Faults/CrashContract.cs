using System.Diagnostics;

namespace NovaId.Contract.Faults;

/// <summary>A process is killed with fifty callers at work: it comes back without a hand, and nobody is let in meanwhile.</summary>
public abstract class CrashContract(IZone zone) : ZoneContract(zone)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("kratos")]
    [InlineData("keto")]
    [InlineData("hydra")]
    [InlineData("oathkeeper")]
    [InlineData("postgres")]
    public async Task What_is_killed_comes_back_by_itself_and_nobody_is_let_in_meanwhile(string service)
    {
        Assert.SkipUnless(Zone.Faults?.ComesBack ?? false, $"Nothing starts the services of this zone again ({Zone.Kind}).");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var start = DateTimeOffset.UtcNow;
        var crowd = await Crowd.ForAsync(Zone);
        var (isWell, _) = await WhenAllIsWellAsync(crowd, patience.Token);
        Expect(isWell, start, "Not everybody got what is theirs before anything was killed.");
        start = DateTimeOffset.UtcNow;
        using var stopped = new CancellationTokenSource();
        var work = crowd.WorkAsync(AnswerLimit, stopped.Token);
        await Task.Delay(300, TestContext.Current.CancellationToken);

        await Zone.Faults.KillAsync(service, TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        var (isBack, meanwhile) = await WhenAllIsWellAsync(crowd, patience.Token);
        var recovery = watch.Elapsed;
        await stopped.CancelAsync();
        CallResult[] results = [.. await work, .. meanwhile];

        Assert.Empty(results.Where(result => result is { Reply.Status: < 400, IsAsItShould: false }));
        Assert.Contains(results, result => !result.IsAsItShould);
        var found = FormattableString.Invariant($"{service} was {(isBack ? "" : "not ")}back after {recovery.TotalSeconds:0.0} s.");
        TestContext.Current.TestOutputHelper!.WriteLine(found);
        Expect(isBack && recovery <= RecoveryLimit, start, found);
    }

    private void Expect(bool isAsItShould, DateTimeOffset start, string found)
    {
        if (!isAsItShould)
        {
            Pace.Of(Zone.Gateway).SkipIfTooSlow(start, found);
            Assert.Fail(found);
        }
    }

    /// <summary>Asks until everybody gets what is theirs.</summary>
    /// <returns>Whether everybody does, and what came of every call until then.</returns>
    private static async Task<(bool IsWell, IReadOnlyList<CallResult> Results)> WhenAllIsWellAsync(Crowd crowd, CancellationToken patience)
    {
        var results = new List<CallResult>();
        while (!patience.IsCancellationRequested)
        {
            var round = await crowd.SendAllAsync(AnswerLimit);
            results.AddRange(round);
            if (round.All(result => result.IsAsItShould))
            {
                return (true, results);
            }

            await Task.Delay(100, CancellationToken.None);
        }

        return (false, results);
    }
}
