using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;

namespace NovaId.Api.Keys;

/// <summary>The owner of the keys in question, or whoever may manage anyone's.</summary>
/// <param name="OwnerOf">Whose keys the request is about; null for the caller's own.</param>
internal sealed record KeyOwnerRequirement(Func<HttpContext, Guid?> OwnerOf) : Requirement
{
    private const string Description = "the owner, or capability " + Capabilities.ManageKeys;

    public override string Describe(HttpContext? http) => Description;

    /// <summary>A program has no keys of its own: it must say whose it means.</summary>
    public override bool Admits(HttpContext http, CallerSubject caller) => caller.Kind == CallerKind.Person || OwnerOf(http) is not null;

    public override IEnumerable<RelationTuple> Questions(HttpContext http, CallerSubject caller) =>
        OwnerOf(http) is { } owner && owner != caller.PersonId ? caller.AsksForCapability(Capabilities.ManageKeys) : [];

    /// <summary>The owner that the route's key id names.</summary>
    public static Guid? OwnerInRoute(HttpContext http) =>
        ApiKeyId.TryParse(http.Request.RouteValues["id"] as string, out var key) ? key.OwnerId : null;

    /// <summary>The owner that the query names.</summary>
    public static Guid? OwnerInQuery(HttpContext http) => http.Request.Query["owner"] switch
    {
        [] => null,
        [var text] when CanonicalUuid.TryParse(text, out var owner) => owner,
        _ => throw Refusal.BadRequest("owner must be a UUID in lower case.").AsException(),
    };
}
