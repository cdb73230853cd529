namespace NovaId.Bench.Soak;

/// <summary>What the two processes used at a moment.</summary>
/// <param name="At">Since the start of the load.</param>
/// <param name="ApiMemory">The API, in RAM, in bytes.</param>
/// <param name="ApiHandles">The API's open files and sockets.</param>
/// <param name="ApiThreads">The API's threads.</param>
/// <param name="ZoneMemory">The gateway and the services, in RAM, in bytes.</param>
/// <param name="ZoneHeap">What the managed heap of those holds, in bytes.</param>
/// <param name="ZoneHandles">The open files and sockets of those.</param>
/// <param name="ZoneThreads">The threads of those.</param>
internal sealed record SoakSample(
    TimeSpan At,
    long ApiMemory,
    int ApiHandles,
    int ApiThreads,
    long ZoneMemory,
    long ZoneHeap,
    int ZoneHandles,
    int ZoneThreads);
