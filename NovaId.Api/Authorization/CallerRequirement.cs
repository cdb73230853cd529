namespace NovaId.Api.Authorization;

/// <summary>Any caller who is who they say.</summary>
internal sealed record CallerRequirement : Requirement
{
    public override string Describe(HttpContext? http) => "any caller";
}
