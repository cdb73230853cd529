using System.Diagnostics;
using System.Globalization;
using NovaId.AppHost.Operator;
using NovaId.Operator;

namespace NovaId.AppHost.Drills;

/// <summary>
/// Lets one service of the running zone fail for a while, asks as each kind of caller meanwhile, and compares. Whoever stops it, the
/// service is back afterwards, and nobody whom it made is left.
/// </summary>
internal sealed class Drill(ContainerEngine engine, OperatorClient client, ZoneConfiguration zone, OperatorResource resource)
{
    /// <summary>How long a caller waits: longer than the API's two seconds, and than it takes on a busy machine while everything works.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TidyLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private int _isUnderWay;

    /// <summary>Holds a drill.</summary>
    /// <exception cref="DrillException">It cannot be held: another is under way, or the zone is not well to begin with.</exception>
    /// <exception cref="OperatorException">The zone refused what the drill needs.</exception>
    /// <exception cref="ContainerEngineException">The engine refused.</exception>
    public async Task<DrillReport> HoldAsync(DrillPlan plan, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isUnderWay, 1) == 1)
        {
            throw new DrillException("A drill is under way already. Wait until it has ended.");
        }

        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = resource.GatewayCertificate } })
            {
                BaseAddress = resource.GatewayAddress,
                Timeout = Timeout.InfiniteTimeSpan,
            };
            await DrillCast.DismissAsync(client, cancellationToken);
            return await HoldAsync(plan, new DrillCast(client, zone, http), http, cancellationToken) with { Untidy = await TidyAsync() };
        }
        catch
        {
            await TidyAsync();
            throw;
        }
        finally
        {
            Interlocked.Exchange(ref _isUnderWay, 0);
        }
    }

    private async Task<DrillReport> HoldAsync(DrillPlan plan, DrillCast cast, HttpClient http, CancellationToken cancellationToken)
    {
        var callers = await cast.GatherAsync(cancellationToken);
        var before = await Task.WhenAll(callers.Select(caller => caller.AskAsync(http, RecoveryLimit, cancellationToken)));
        if (callers.Zip(before).FirstOrDefault(pair => pair.Second.Status != pair.First.Status) is { First: { } wrong } found)
        {
            throw new DrillException(
                $"Before anything failed, {wrong.Name} got {Words(found.Second.Status)} for {wrong.Path} in place of {wrong.Status}: a drill would show nothing. Wait until the zone is healthy.");
        }

        var failure = new ServiceFailure(engine, plan);
        await failure.EnsureWellAsync(cancellationToken);
        var limit = AnswerLimit + before.Max(answer => answer.Duration);
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<IReadOnlyList<DrillAnswer>>[] asking = [];
        try
        {
            await failure.BeginAsync(cancellationToken);
            asking = [.. callers.Select(caller => caller.AskUntilAsync(http, limit, stopped.Token))];
            await Task.Delay(plan.Duration, cancellationToken);
        }
        finally
        {
            // Whoever stopped it: nothing cancels this.
            await stopped.CancelAsync();
            await Task.WhenAll(asking);
            await failure.EndAsync();
        }

        var recovery = await RecoverAsync(callers, http, limit, cancellationToken);
        var meanwhile = await Task.WhenAll(asking);
        return new(plan, [.. callers.Zip(meanwhile, (caller, answers) => new DrillRow(caller, answers))], recovery);
    }

    /// <summary>Asks until everybody gets what they got before.</summary>
    /// <returns>How long that took; null if it never came.</returns>
    private static async Task<TimeSpan?> RecoverAsync(IReadOnlyList<DrillCaller> callers, HttpClient http, TimeSpan limit, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < RecoveryLimit)
        {
            var answers = await Task.WhenAll(callers.Select(caller => caller.AskAsync(http, limit, cancellationToken)));
            if (callers.Zip(answers).All(pair => pair.First.Status == pair.Second.Status))
            {
                return watch.Elapsed;
            }

            await Task.Delay(Pause, cancellationToken);
        }

        return null;
    }

    /// <returns>What is left because it could not be removed; an empty text if nothing is.</returns>
    private async Task<string> TidyAsync()
    {
        using var patience = new CancellationTokenSource(TidyLimit);
        for (var reason = ""; ;)
        {
            try
            {
                await DrillCast.DismissAsync(client, patience.Token);
                return "";
            }
            catch (OperatorException exception)
            {
                // The service may be on its way back still.
                reason = exception.Message;
            }
            catch (OperationCanceledException)
            {
                return reason.Length > 0 ? reason : "The gateway did not answer in time.";
            }

            await Task.Delay(Pause, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal static string Words(int? status) => status is { } number ? number.ToString(CultureInfo.InvariantCulture) : "no answer";
}
