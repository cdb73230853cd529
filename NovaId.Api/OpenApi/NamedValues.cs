using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Keys;

namespace NovaId.Api.OpenApi;

/// <summary>The enumerations of the API that are texts in it.</summary>
internal static class NamedValues
{
    public const string Capability = nameof(Capability);
    public const string Scope = nameof(Scope);
    public const string PersonState = nameof(PersonState);
    public const string CallerKind = nameof(CallerKind);
    public const string AuthenticationMethod = nameof(AuthenticationMethod);
    public const string AssuranceLevel = nameof(AssuranceLevel);
    public const string PermissionNamespace = nameof(PermissionNamespace);
    public const string Permit = nameof(Permit);

    public const string TokenEndpointAuthMethod = nameof(TokenEndpointAuthMethod);

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> All { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [Capability] = Capabilities.All,
        [Scope] = [CallerVerifier.ReadScope, CallerVerifier.WriteScope],
        [PersonState] = [Identity.Active, Identity.Inactive],
        [CallerKind] = ["person", "client"],
        [AuthenticationMethod] = ["session", "oauth2"],
        [TokenEndpointAuthMethod] = [ApiKeyKeeper.AuthMethod],
        [AssuranceLevel] = ["aal1", "aal2"],
        [PermissionNamespace] = [.. Permissions.Permits.Keys],
        [Permit] = [.. Permissions.Permits.Values.SelectMany(permits => permits).Distinct()],
    };
}
