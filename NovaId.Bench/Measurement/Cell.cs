using NovaId.Bench.Load;

namespace NovaId.Bench.Measurement;

/// <summary>Every slice of one path at one number of connections.</summary>
internal sealed class Cell
{
    private readonly List<float[]> _samples = [];
    private readonly List<double> _medians = [];
    private TimeSpan _elapsed;
    private TimeSpan? _cpu;

    /// <summary>The median of each round, in the order of the rounds.</summary>
    public IReadOnlyList<double> RoundMedians => _medians;

    public int Requests => _samples.Sum(samples => samples.Length);

    public double RequestsPerSecond => Requests / _elapsed.TotalSeconds;

    /// <summary>CPU time of the API for each request, in milliseconds; null where its process is not known.</summary>
    public double? CpuMilliseconds => _cpu?.TotalMilliseconds / Requests;

    public void Add(Slice slice, TimeSpan? cpu)
    {
        _samples.Add(slice.Milliseconds);
        _medians.Add(Statistics.Percentile<float>(slice.Milliseconds, 50));
        _elapsed += slice.Elapsed;
        _cpu = cpu is null ? null : (_cpu ?? TimeSpan.Zero) + cpu;
    }

    /// <summary>A percentile of all requests of all rounds, in milliseconds.</summary>
    public double Percentile(double percent)
    {
        float[] all = [.. _samples.SelectMany(samples => samples)];
        Array.Sort(all);
        return Statistics.Percentile<float>(all, percent);
    }
}
