namespace NovaId.Bench.Report;

/// <summary>An aim and what was measured of it.</summary>
/// <param name="What">The aim.</param>
/// <param name="IsMet">Whether it is met; null where it could not be measured.</param>
/// <param name="Seen">What was seen.</param>
internal sealed record Aim(string What, bool? IsMet, string Seen)
{
    public string Verdict => IsMet switch { true => "met", false => "not met", null => "not measured" };
}
