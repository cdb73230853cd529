using NovaId.Bench.Load;

namespace NovaId.Bench.Measurement;

/// <summary>What was measured, by path and number of connections, and what follows from it.</summary>
internal sealed class Measurements
{
    private readonly Dictionary<(string Path, int Connections), Cell> _cells = [];

    public Cell this[string path, int connections] => _cells[(path, connections)];

    public void Add(string path, int connections, Slice slice, TimeSpan? cpu)
    {
        if (!_cells.TryGetValue((path, connections), out var cell))
        {
            _cells[(path, connections)] = cell = new Cell();
        }

        cell.Add(slice, cpu);
    }

    /// <summary>The median limit: the bare hop and the slowest of the calls that may go side by side, in milliseconds.</summary>
    public double Limit(PathLimit limit, int connections) => Statistics.Median(Limits(limit, connections, limit.Gateway));

    /// <summary>The path as a ratio to <see cref="Limit"/>, formed round by round so that drift cancels out.</summary>
    public Spread Ratio(string path, PathLimit limit, int connections) =>
        Ratio(path, connections, Limits(limit, connections, limit.Gateway));

    /// <summary>The same where the gateway's own authentication counts as part of the limit.</summary>
    public Spread RatioWithAuthentication(string path, PathLimit limit, int connections) =>
        Ratio(path, connections, Limits(limit, connections, limit.Authenticated));

    /// <summary>The same where every call counts, as on a machine whose processors are all busy: there, side by side saves nothing.</summary>
    public Spread RatioToSum(string path, PathLimit limit, int connections) =>
        Ratio(path, connections, Enumerable.Range(0, Rounds(path, connections)).Select(round =>
            At(limit.Authenticated, connections, round) + limit.Calls.Sum(call => At(call, connections, round))));

    private Spread Ratio(string path, int connections, IEnumerable<double> limits) =>
        Statistics.Spread(this[path, connections].RoundMedians.Zip(limits, (median, limit) => median / limit));

    private IEnumerable<double> Limits(PathLimit limit, int connections, string hop) =>
        Enumerable.Range(0, Rounds(hop, connections)).Select(round =>
            At(hop, connections, round) + limit.Calls.Max(call => At(call, connections, round)));

    private int Rounds(string path, int connections) => this[path, connections].RoundMedians.Count;

    private double At(string path, int connections, int round) => this[path, connections].RoundMedians[round];
}
