using NovaId.Bench.Measurement;

namespace NovaId.Bench.Soak;

/// <summary>Whether a series of values grows.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Unit">In what it is measured.</param>
/// <param name="Start">Where the line through it begins.</param>
/// <param name="End">Where the line through it ends.</param>
/// <param name="Grows">Whether it rises for certain, and by more than is tolerated.</param>
internal sealed record SoakTrend(string Name, string Unit, double Start, double End, bool Grows)
{
    /// <summary>A slope of this many standard errors is no chance.</summary>
    private const double Certain = 3;

    /// <param name="name">What it is.</param>
    /// <param name="unit">In what it is measured.</param>
    /// <param name="points">When, in minutes, and how much.</param>
    /// <param name="tolerated">How much it may rise, as a part of where it begins.</param>
    /// <param name="floor">How much it may rise at least.</param>
    public static SoakTrend Of(string name, string unit, IReadOnlyList<(double X, double Y)> points, double tolerated, double floor)
    {
        var line = Statistics.Fit(points);
        var (start, end) = (line.At(points[0].X), line.At(points[^1].X));
        var grows = line.Slope > Certain * line.SlopeError && end - start > Math.Max(tolerated * Math.Abs(start), floor);
        return new SoakTrend(name, unit, start, end, grows);
    }
}
