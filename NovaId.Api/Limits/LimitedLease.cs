using System.Threading.RateLimiting;

namespace NovaId.Api.Limits;

/// <summary>What a request gets that is over the limit.</summary>
/// <param name="retryAfter">When there is room again.</param>
/// <param name="unrecorded">How many were refused since the last one that was recorded; null if this one is not recorded either.</param>
internal sealed class LimitedLease(TimeSpan retryAfter, int? unrecorded) : RateLimitLease
{
    public override bool IsAcquired => false;

    public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name];

    public TimeSpan RetryAfter => retryAfter;

    public int? Unrecorded => unrecorded;

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
        return metadata is not null;
    }
}
