using NovaId.Bench.Load;

namespace NovaId.Bench.Measurement;

/// <summary>A path through the zone that is measured.</summary>
/// <param name="Title">What it is, for people.</param>
/// <param name="Workload">What is sent.</param>
/// <param name="Limit">What it is measured against; null for a single hop.</param>
internal sealed record MeasuredPath(string Title, Workload Workload, PathLimit? Limit = null)
{
    public string Id => Workload.Id;
}
