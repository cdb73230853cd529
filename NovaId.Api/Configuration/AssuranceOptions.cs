namespace NovaId.Api.Configuration;

/// <summary>How strong and how fresh a login must be where that matters: section <c>Assurance</c>.</summary>
internal sealed class AssuranceOptions
{
    public const string Section = "Assurance";

    /// <summary>How long ago a login may be.</summary>
    public TimeSpan MaximumAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>From whom a second factor is asked.</summary>
    public SecondFactorPolicy SecondFactor { get; set; }
}
