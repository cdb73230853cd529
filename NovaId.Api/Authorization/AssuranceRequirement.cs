namespace NovaId.Api.Authorization;

/// <summary>
/// A login of the last minutes, and a second factor, as <see cref="Configuration.AssuranceOptions"/> says: for what changes other people or
/// rights. A client that acts for itself never meets it.
/// </summary>
/// <param name="AppliesTo">Tells for which requests it is asked.</param>
internal sealed record AssuranceRequirement(Func<HttpContext, CallerSubject, bool> AppliesTo) : Requirement
{
    /// <summary>For every request.</summary>
    public static AssuranceRequirement Always { get; } = new((_, _) => true);

    public override string Describe(HttpContext? http) => "a recent login, with a second factor where one is set up";
}
