using NovaId.Api.OpenApi;

namespace NovaId.Api.Me;

/// <summary>How the caller showed who they are.</summary>
/// <param name="Method">session or oauth2.</param>
/// <param name="SessionId">The session.</param>
/// <param name="ClientId">The OAuth2 client.</param>
/// <param name="AssuranceLevel">aal1, or aal2 with a second factor.</param>
internal sealed record AuthenticationModel(
    [property: NamedValues(NamedValues.AuthenticationMethod)] string Method,
    string? SessionId,
    string? ClientId,
    [property: NamedValues(NamedValues.AssuranceLevel)] string? AssuranceLevel);
