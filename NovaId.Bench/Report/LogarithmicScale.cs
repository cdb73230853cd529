namespace NovaId.Bench.Report;

/// <summary>Where values lie on a logarithmic axis.</summary>
internal sealed record LogarithmicScale(double Least, double Most, double From, double To)
{
    /// <summary>1, 2 and 5 of each power of ten within the axis.</summary>
    public IEnumerable<double> Ticks =>
        from power in Enumerable.Range(-3, 9)
        from step in (int[])[1, 2, 5]
        // Not Math.Pow of a negative power: a tick is written out as it is.
        let tick = power < 0 ? step / Math.Pow(10, -power) : step * Math.Pow(10, power)
        where tick >= Least && tick <= Most
        select tick;

    public double At(double value) =>
        From + (Math.Log(Math.Clamp(value, Least, Most) / Least) / Math.Log(Most / Least) * (To - From));
}
