using NovaId.Bench.Measurement;

namespace NovaId.Tests.Bench;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(50, 50)]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    [InlineData(0.5, 1)]
    public void A_percentile_is_the_smallest_value_that_so_many_are_not_above(double percent, double expected)
    {
        float[] sorted = [.. Enumerable.Range(1, 100).Select(value => (float)value)];

        Assert.Equal(expected, Statistics.Percentile<float>(sorted, percent));
    }

    [Fact]
    public void The_p99_of_few_values_is_the_greatest()
    {
        Assert.Equal(3, Statistics.Percentile<double>([1, 2, 3], 99));
        Assert.Equal(7, Statistics.Percentile<double>([7], 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(101)]
    public void There_is_no_percentile_below_or_above_all(double percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.Percentile<double>([1, 2], percent));

    [Fact]
    public void There_is_no_percentile_of_nothing() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.Percentile<double>([], 50));

    [Fact]
    public void The_median_of_an_even_number_lies_between_the_two_in_the_middle()
    {
        Assert.Equal(2.5, Statistics.Median([4, 1, 3, 2]));
        Assert.Equal(3, Statistics.Median([9, 1, 3]));
    }

    [Fact]
    public void A_spread_leaves_out_a_quarter_on_each_side() =>
        Assert.Equal(new Spread(4.5, 2, 6), Statistics.Spread([8, 1, 7, 2, 6, 3, 5, 4]));

    [Fact]
    public void A_line_through_points_of_a_line_is_that_line()
    {
        var line = Statistics.Fit([(0, 1), (1, 3), (2, 5), (3, 7)]);

        Assert.Equal(2, line.Slope, 10);
        Assert.Equal(1, line.Intercept, 10);
        Assert.Equal(0, line.SlopeError, 10);
        Assert.Equal(21, line.At(10), 10);
    }

    [Fact]
    public void The_slope_of_scattered_points_has_the_textbook_error()
    {
        // x 1..5, y 2 1 4 3 5: slope 0.8, residual sum of squares 3.6, error sqrt(3.6 / 3 / 10).
        var line = Statistics.Fit([(1, 2), (2, 1), (3, 4), (4, 3), (5, 5)]);

        Assert.Equal(0.8, line.Slope, 10);
        Assert.Equal(Math.Sqrt(0.12), line.SlopeError, 10);
    }
}
