using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Security;

namespace NovaId.Contract.Drivers;

/// <summary>
/// How long a hop takes at the moment: a question that the gateway answers alone, asked ten times a second for as long as it answers. It
/// takes milliseconds on a quiet machine. Where it takes a multiple, what passes or fails by time says nothing of the zone.
/// </summary>
public sealed class Pace
{
    /// <summary>What a hop may take for a verdict on many answers of people's own: the API gives all its questions for a request two seconds
    /// together, and the longest way to such an answer has eight hops.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>What a hop may take for a verdict on one answer: an officer's action on somebody else's account has some twenty of them, one after
    /// the other, in the same two seconds.</summary>
    public static readonly TimeSpan LimitOfOneAnswer = TimeSpan.FromMilliseconds(100);

    private const string Question = "/gw/.well-known/jwks.json";
    private const int Remembered = 36_000;
    private const int FailuresUntilAway = 50;
    private const int FailuresUntilGone = 350;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>A gateway that is started again comes back; one whose zone has ended does not.</summary>
    private static readonly TimeSpan IntervalWhileAway = TimeSpan.FromSeconds(1);

    private static readonly ConcurrentDictionary<string, Pace> ByGateway = [];

    private readonly ConcurrentQueue<(DateTimeOffset Start, DateTimeOffset End)> _hops = [];
    private long _asked;

    private Pace()
    {
    }

    /// <summary>The pace of a gateway, measured from the first call on.</summary>
    /// <param name="gateway">The gateway's address.</param>
    /// <param name="certificate">What is asked about its certificate when it is measured first; null where it is one that this machine trusts, or there is
    /// none.</param>
    public static Pace Of(Uri gateway, RemoteCertificateValidationCallback? certificate = null) => ByGateway.GetOrAdd(gateway.Authority, _ =>
    {
        var pace = new Pace();
        Task.Run(() => pace.MeasureAsync(gateway, certificate));
        return pace;
    });

    /// <summary>The longest hop of those under way at any time between two moments, that which is still without an answer included.</summary>
    public TimeSpan Longest(DateTimeOffset from, DateTimeOffset to)
    {
        var asked = Interlocked.Read(ref _asked);
        var waiting = asked > 0 && asked < to.UtcTicks ? TimeSpan.FromTicks(to.UtcTicks - asked) : TimeSpan.Zero;
        return _hops.Where(hop => hop.End > from && hop.Start < to).Select(hop => hop.End - hop.Start).Append(waiting).Max();
    }

    /// <summary>Skips the case, with the figures, where the machine was too slow to tell; otherwise does nothing.</summary>
    /// <param name="from">When what is judged began.</param>
    /// <param name="found">What was found that may be of the machine and not of the zone.</param>
    /// <param name="limit">What a hop may take; <see cref="Limit"/> if nothing is said.</param>
    public void SkipIfTooSlow(DateTimeOffset from, string found, TimeSpan? limit = null)
    {
        var longest = Longest(from, DateTimeOffset.UtcNow);
        var most = limit ?? Limit;
        Assert.SkipWhen(longest > most, string.Create(
            CultureInfo.InvariantCulture,
            $"The machine was too slow to tell: a hop took {longest.TotalMilliseconds:0} ms, and a verdict takes {most.TotalMilliseconds:0} ms at most. Seen: {found}"));
    }

    private async Task MeasureAsync(Uri gateway, RemoteCertificateValidationCallback? certificate)
    {
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = certificate } }) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
        for (var failures = 0; failures < FailuresUntilGone;)
        {
            var start = DateTimeOffset.UtcNow;
            Interlocked.Exchange(ref _asked, start.UtcTicks);
            try
            {
                using var answer = await http.GetAsync(new Uri(Question, UriKind.Relative));
                _hops.Enqueue((start, DateTimeOffset.UtcNow));
                failures = 0;
            }
            catch (TaskCanceledException)
            {
                _hops.Enqueue((start, DateTimeOffset.UtcNow));
            }
            catch (HttpRequestException)
            {
                // A gateway that is not there is not slow.
                failures++;
            }

            Interlocked.Exchange(ref _asked, 0);
            while (_hops.Count > Remembered)
            {
                _hops.TryDequeue(out _);
            }

            await Task.Delay(failures < FailuresUntilAway ? Interval : IntervalWhileAway);
        }
    }
}
