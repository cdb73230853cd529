namespace NovaId.Bench.Measurement;

/// <summary>Percentiles, medians and straight lines.</summary>
internal static class Statistics
{
    /// <summary>The smallest value that at least so many percent are not above (nearest rank).</summary>
    /// <param name="sorted">The values, the smallest first.</param>
    /// <param name="percent">Above 0, up to 100.</param>
    public static double Percentile<T>(ReadOnlySpan<T> sorted, double percent)
        where T : IConvertible
    {
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        var rank = (int)Math.Ceiling(percent / 100 * sorted.Length);
        return sorted[Math.Max(rank, 1) - 1].ToDouble(null);
    }

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length);
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The middle value with the quarter below and the quarter above it left out.</summary>
    public static Spread Spread(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(Median(sorted), Percentile<double>(sorted, 25), Percentile<double>(sorted, 75));
    }

    /// <summary>The straight line that fits the points best (least squares), and how sure its slope is.</summary>
    public static Line Fit(IReadOnlyList<(double X, double Y)> points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points.Count, 3);
        var (meanX, meanY) = (points.Average(point => point.X), points.Average(point => point.Y));
        var spreadX = points.Sum(point => (point.X - meanX) * (point.X - meanX));
        var slope = points.Sum(point => (point.X - meanX) * (point.Y - meanY)) / spreadX;
        var intercept = meanY - (slope * meanX);
        var residual = points.Sum(point => Math.Pow(point.Y - intercept - (slope * point.X), 2));
        return new Line(slope, intercept, Math.Sqrt(residual / (points.Count - 2) / spreadX));
    }
}
