using NovaId.Api.Gateway;

namespace NovaId.Api.Authorization;

/// <summary>A permit on the object that the route names.</summary>
internal sealed record PermissionRequirement(string Namespace, string Permit, string Value) : Requirement
{
    public override string RouteValue => Value;

    public override string Describe(HttpContext? http) => $"{Namespace} {Permit}";

    public override IEnumerable<RelationTuple> Questions(HttpContext http, CallerSubject caller) =>
        [RelationTuple.Of(Namespace, (string)http.Request.RouteValues[Value]!, Permit, caller.Id)];
}
