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
        var crowd = await Crowd.ForAsync(Zone);
        await WhenAllIsWellAsync(crowd, patience.Token);
        var start = DateTimeOffset.UtcNow;
        using var stopped = new CancellationTokenSource();
        var work = crowd.WorkAsync(AnswerLimit, stopped.Token);
        await Task.Delay(300, patience.Token);

        await Zone.Faults.KillAsync(service, patience.Token);
        var watch = Stopwatch.StartNew();
        var meanwhile = await WhenAllIsWellAsync(crowd, patience.Token);
        var recovery = watch.Elapsed;
        await stopped.CancelAsync();
        CallResult[] results = [.. await work, .. meanwhile];

        Assert.Empty(results.Where(result => result is { Reply.Status: < 400, IsAsItShould: false }));
        Assert.Contains(results, result => !result.IsAsItShould);
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{service} was back after {recovery.TotalSeconds:0.0} s."));
        if (recovery > RecoveryLimit)
        {
            Pace.Of(Zone.Gateway).SkipIfTooSlow(start, FormattableString.Invariant($"{service} was back after {recovery.TotalSeconds:0.0} s"));
            Assert.Fail(FormattableString.Invariant($"{service} was back after {recovery.TotalSeconds:0.0} s."));
        }
    }

    /// <summary>Asks until everybody gets what is theirs.</summary>
    /// <returns>What came of every call until then.</returns>
    private static async Task<IReadOnlyList<CallResult>> WhenAllIsWellAsync(Crowd crowd, CancellationToken cancellationToken)
    {
        var results = new List<CallResult>();
        while (true)
        {
            var round = await crowd.SendAllAsync(AnswerLimit);
            results.AddRange(round);
            if (round.All(result => result.IsAsItShould))
            {
                return results;
            }

            await Task.Delay(100, cancellationToken);
        }
    }
}
