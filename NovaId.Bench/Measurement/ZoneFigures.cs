namespace NovaId.Bench.Measurement;

/// <summary>What one zone showed.</summary>
/// <param name="Kind">What kind of zone it is.</param>
/// <param name="Paths">The paths, in the order of the report.</param>
/// <param name="Measurements">Their figures.</param>
/// <param name="MemoryAtStart">What the API took in RAM before the load, in bytes; null where its process is not known.</param>
/// <param name="MemoryAtMost">The most that it took at the highest number of connections.</param>
internal sealed record ZoneFigures(
    string Kind,
    IReadOnlyList<MeasuredPath> Paths,
    Measurements Measurements,
    long? MemoryAtStart,
    long? MemoryAtMost);
