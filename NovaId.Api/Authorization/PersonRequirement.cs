namespace NovaId.Api.Authorization;

/// <summary>A person, not a program acting for itself.</summary>
internal sealed record PersonRequirement : Requirement
{
    public override string Describe(HttpContext? http) => "a person";

    public override bool Admits(HttpContext http, CallerSubject caller) => caller.Kind == CallerKind.Person;
}
