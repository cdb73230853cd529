using NovaId.Api.Gateway;

namespace NovaId.Api.Authorization;

/// <summary>A capability, by rank or granted.</summary>
internal sealed record CapabilityRequirement(string Capability) : Requirement
{
    public override string Describe(HttpContext? http) => $"capability {Capability}";

    public override IEnumerable<RelationTuple> Questions(HttpContext http, CallerSubject caller) => caller.AsksForCapability(Capability);
}
