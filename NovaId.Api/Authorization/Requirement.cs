using NovaId.Api.Gateway;

namespace NovaId.Api.Authorization;

/// <summary>What an endpoint needs of its caller. An endpoint may have several; all must hold.</summary>
internal abstract record Requirement
{
    /// <summary>What it is, for people: in documentation, refusals and the access log.</summary>
    public abstract string Describe(HttpContext? http);

    /// <summary>Whether the caller may be asked about at all; false refuses whatever Keto says.</summary>
    public virtual bool Admits(HttpContext http, CallerSubject caller) => true;

    /// <summary>The questions to Keto that must all be answered yes.</summary>
    public virtual IEnumerable<RelationTuple> Questions(HttpContext http, CallerSubject caller) => [];

    /// <summary>The value that the route must have for it; null if it needs none.</summary>
    public virtual string? RouteValue => null;
}
