using System.Diagnostics;
using System.Threading.RateLimiting;

namespace NovaId.Api.Limits;

/// <summary>
/// A token bucket that also says which refusals are worth a record: the first, and then one a second, so that a flood fills neither the
/// access log nor the disk.
/// </summary>
internal sealed class Bucket : ReplenishingRateLimiter
{
    private const int RefillsPerSecond = 10;

    private static readonly TimeSpan PauseBetweenRecords = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);

    private readonly TokenBucketRateLimiter _tokens;
    private readonly Action<Bucket>? _disposed;
    private readonly Lock _lock = new();
    private long? _recordedAt;
    private int _unrecorded;

    /// <param name="perSecond">How many tokens come back in a second.</param>
    /// <param name="burst">How many the bucket holds.</param>
    /// <param name="disposed">Hears of the end of it.</param>
    public Bucket(double perSecond, int burst, Action<Bucket>? disposed = null)
    {
        var refill = (int)Math.Ceiling(perSecond / RefillsPerSecond);
        _disposed = disposed;
        _tokens = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            // The partitions are replenished by one timer for all of them.
            AutoReplenishment = false,
            TokenLimit = burst,
            TokensPerPeriod = refill,
            ReplenishmentPeriod = TimeSpan.FromSeconds(refill / perSecond),
            QueueLimit = 0,
        });
    }

    public override TimeSpan? IdleDuration => _tokens.IdleDuration;

    public override bool IsAutoReplenishing => _tokens.IsAutoReplenishing;

    public override TimeSpan ReplenishmentPeriod => _tokens.ReplenishmentPeriod;

    public override bool TryReplenish() => _tokens.TryReplenish();

    public override RateLimiterStatistics? GetStatistics() => _tokens.GetStatistics();

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        using var lease = _tokens.AttemptAcquire(permitCount);
        if (lease.IsAcquired)
        {
            return lease;
        }

        return new LimitedLease(
            lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > LeastWait ? wait : LeastWait,
            CountRefusal());
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(permitCount));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _tokens.Dispose();
            _disposed?.Invoke(this);
        }

        base.Dispose(disposing);
    }

    private int? CountRefusal()
    {
        lock (_lock)
        {
            if (_recordedAt is { } recordedAt && Stopwatch.GetElapsedTime(recordedAt) < PauseBetweenRecords)
            {
                _unrecorded++;
                return null;
            }

            var unrecorded = _unrecorded;
            (_recordedAt, _unrecorded) = (Stopwatch.GetTimestamp(), 0);
            return unrecorded;
        }
    }
}
