namespace NovaId.Bench.Measurement;

/// <summary>A median between its quartiles.</summary>
internal readonly record struct Spread(double Median, double Lower, double Upper);
