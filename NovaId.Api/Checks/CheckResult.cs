using NovaId.Api.OpenApi;

namespace NovaId.Api.Checks;

/// <summary>A question and its answer.</summary>
/// <param name="Namespace">The question's namespace.</param>
/// <param name="Object">The question's object.</param>
/// <param name="Relation">The question's permit.</param>
/// <param name="Allowed">Whether the caller has it.</param>
internal sealed record CheckResult(
    [property: NamedValues(NamedValues.PermissionNamespace)] string Namespace,
    string Object,
    [property: NamedValues(NamedValues.Permit)] string Relation,
    bool Allowed);
