namespace NovaId.Bench.Measurement;

/// <summary>A straight line through points.</summary>
/// <param name="Slope">How much it rises for each unit.</param>
/// <param name="Intercept">Where it begins.</param>
/// <param name="SlopeError">The standard error of the slope.</param>
internal readonly record struct Line(double Slope, double Intercept, double SlopeError)
{
    public double At(double x) => Intercept + (Slope * x);
}
