namespace NovaId.Bench.Soak;

/// <summary>The latency of the steady requests of a short time, in milliseconds.</summary>
internal sealed record SoakLatency(TimeSpan At, int Requests, double Median, double P99);
