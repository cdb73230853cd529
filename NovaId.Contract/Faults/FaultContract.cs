using System.Text.RegularExpressions;

namespace NovaId.Contract.Faults;

/// <summary>A service fails in every way there is, with fifty callers at work whose rights are known. The zone is the case's own.</summary>
public abstract partial class FaultContract(IZone zone, FaultyService service) : ZoneContract(zone)
{
    /// <summary>For fifty callers, each with up to four answers; far below what an answer without end would take.</summary>
    private const long MemoryLimit = 128 * 1024 * 1024;

    public static TheoryData<FaultMode> Modes { get; } = [.. Enum.GetValues<FaultMode>()];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Before_it_fails_everybody_gets_what_is_theirs(FaultMode mode)
    {
        var run = await RunAsync(mode);

        Judge(run, () => Assert.Empty(run.Before.Where(result => !result.IsAsItShould)));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task While_it_fails_nobody_gets_what_is_not_theirs(FaultMode mode)
    {
        var run = await RunAsync(mode);

        var results = NamesNobody(mode) ? run.Within : run.Meanwhile;
        Assert.NotEmpty(results);
        Assert.Empty(results.Where(result => result is { Reply.Status: < 400, IsAsItShould: false }));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task While_it_fails_everybody_gets_what_is_theirs_or_a_clear_refusal(FaultMode mode)
    {
        var run = await RunAsync(mode);

        var results = NamesNobody(mode) ? run.Within : run.Meanwhile;
        Judge(run, () => Assert.Empty(results.Where(result => !result.IsAsItShould && !IsClear(result) && !IsLeftWaiting(result, mode, run))));
        Assert.Contains(run.Meanwhile, result => !result.IsAsItShould);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task While_it_fails_every_answer_comes_in_time(FaultMode mode)
    {
        var run = await RunAsync(mode);

        // Whoever got no answer hung up at the limit.
        Judge(run, () => Assert.Empty(run.Meanwhile.Where(result => result.Reply is null && !IsLeftWaiting(result, mode, run))));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task While_it_fails_nothing_is_done_by_halves_or_against_its_word(FaultMode mode)
    {
        var run = await RunAsync(mode);

        // A change whose answer came too late was allowed and may have been done: its 503 says that nobody knows.
        Assert.Empty(run.HalfDone.Where(change => !change.IsOpen));
        Judge(run, () => Assert.Empty(run.HalfDone));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task While_it_fails_no_answer_tells_of_the_inside(FaultMode mode)
    {
        var run = await RunAsync(mode);

        Assert.All(run.Meanwhile.Where(result => result.Reply?.Status >= 400), result => Assert.DoesNotMatch(Inside(), result.Reply!.Body));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task While_it_fails_the_memory_of_the_API_stays_within_bounds(FaultMode mode)
    {
        var run = await RunAsync(mode);

        Assert.SkipWhen(run.MemoryGrowth is null, $"The memory of the API cannot be measured on this zone ({Zone.Kind}).");
        Assert.True(run.MemoryGrowth < MemoryLimit, $"The API holds {run.MemoryGrowth / 1024 / 1024} MB more.");
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Once_it_is_back_everybody_gets_what_is_theirs_without_a_restart(FaultMode mode)
    {
        var run = await RunAsync(mode);

        Judge(run, () =>
        {
            Assert.NotNull(run.Recovery);
            Assert.NotEmpty(run.Afterwards);
            Assert.Empty(run.Afterwards.Where(result => !result.IsAsItShould));
        });
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task The_access_log_says_which_service_failed(FaultMode mode)
    {
        var run = await RunAsync(mode);

        Judge(run, () => Assert.NotEmpty(run.Reasons));
        if ((service, mode) == (FaultyService.Gateway, FaultMode.AnotherPersonsAnswer))
        {
            // Each service seems to have mistaken somebody for another; that the gateway did, nobody can tell.
            return;
        }

        // The gateway asks Hydra about the API's own token every half minute. When it has to wait for that, whatever the API asked for seems to
        // hang: nobody but the gateway can tell.
        if (service == FaultyService.Hydra && mode is FaultMode.Hanging or FaultMode.Slow && Blamed(run) != $"{service}")
        {
            run = await FaultRun.WithAFreshMemoryAsync(Zone, service, mode);
        }

        // Another is blamed only for what was cut off as the service went down or came back.
        Judge(run, () => Assert.True(Blamed(run) == $"{service}", $"Blamed is {Blamed(run)}:\n{string.Join('\n', run.Reasons.Distinct())}"));
    }

    /// <summary>Who is named most often in the reasons.</summary>
    private static string Blamed(FaultRun run) =>
        run.Reasons.GroupBy(reason => reason.Split(':')[0]).MaxBy(group => group.Count())?.Key ?? "nobody";

    /// <summary>A verdict that hangs on time. Where it is not good and the machine was too slow for one, the case says so in place of failing.
    /// Whether somebody got what is not theirs never hangs on time.</summary>
    private static void Judge(FaultRun run, Action verdict)
    {
        try
        {
            verdict();
        }
        catch (Xunit.Sdk.XunitException failure) when (run.LongestHop > Pace.Limit)
        {
            Assert.Skip(FormattableString.Invariant(
                $"The machine was too slow to tell: a hop took {run.LongestHop.TotalMilliseconds:0} ms, and a verdict takes {Pace.Limit.TotalMilliseconds:0} ms at most. Seen: {failure.Message}"));
        }
    }

    private async Task<FaultRun> RunAsync(FaultMode mode)
    {
        Assert.SkipWhen(Zone.Faults is null, $"Nothing can be made to fail on this zone ({Zone.Kind}).");
        Assert.SkipUnless(Zone.Faults.Supports(service, mode), $"{service} cannot be made to fail in this way on this zone ({Zone.Kind}).");
        return await FaultRun.OnAsync(Zone, service, mode);
    }

    /// <summary>Whether the answers that are mixed up name nobody: those of Keto to a check. What gives them away are the ranks that are
    /// asked along, which name their holder, as long as both are mixed up and not one of them a moment before or after.</summary>
    private bool NamesNobody(FaultMode mode) => (service, mode) == (FaultyService.Keto, FaultMode.AnotherPersonsAnswer);

    /// <summary>A refusal that says what is wrong: that of the API names a service; the gateway's own stands where it asks the service
    /// itself.</summary>
    private bool IsClear(CallResult result)
    {
        if (result.Reply is not { } reply)
        {
            return false;
        }

        if (reply is { Status: 503, ContentType: "application/problem+json" })
        {
            return reply["service"].GetString() is "Kratos" or "Keto" or "Hydra" or "gateway";
        }

        // Without a service's word the API knows that a token does not fit, or the gateway that nobody vouches for the caller.
        return IsAskedByGateway(result.Call) && reply.Status is 401 or 403 or 500 or 502
            && (reply.ContentType == "application/problem+json" ? reply.Status == 401 : IsOfGateway(reply));
    }

    private static bool IsOfGateway(Reply reply) =>
        reply.ContentType == "application/json" && reply["error"].EnumerateObject().All(member => member.Name is "code" or "message" or "status");

    /// <summary>Whether the caller may wait without an answer: Oathkeeper sets no limit to its own questions about a session or a token,
    /// so that whoever shows one waits as long as the service does. It lets nobody in meanwhile.</summary>
    private bool IsLeftWaiting(CallResult result, FaultMode mode, FaultRun run) =>
        result is { Reply: null, Failure: null }
        && (mode is FaultMode.Hanging or FaultMode.Slow or FaultMode.EndlessBody || WasLostInStopping(result, mode, run))
        && IsAskedByGateway(result.Call);

    private bool WasLostInStopping(CallResult result, FaultMode mode, FaultRun run) =>
        mode == FaultMode.Stopped && Zone.Faults!.LeavesNoAddress && result.Start < run.Active;

    private bool IsAskedByGateway(CrowdCall call) => (service, call.Credential)
        is (FaultyService.Kratos, Credential.Session) or (FaultyService.Hydra, Credential.AccessToken);

    [GeneratedRegex(@"\b(kratos|keto|hydra|oathkeeper|api):\d+|127\.0\.0\.1|localhost|dial tcp|refused|goroutine|Exception\b|\bat NovaId\.", RegexOptions.IgnoreCase)]
    private static partial Regex Inside();
}
