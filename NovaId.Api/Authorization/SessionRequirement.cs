namespace NovaId.Api.Authorization;

/// <summary>A person with a session of their own: neither an app that acts for them nor a program.</summary>
internal sealed record SessionRequirement : Requirement
{
    public override string Describe(HttpContext? http) => "a session of one's own";

    public override bool Admits(HttpContext http, CallerSubject caller) => caller.SessionId is not null;
}
