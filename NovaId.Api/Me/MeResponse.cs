using NovaId.Api.OpenApi;
using NovaId.Api.Ranks;
using NovaId.Api.Users;

namespace NovaId.Api.Me;

/// <summary>The caller.</summary>
/// <param name="Id">The person's id, or the client's.</param>
/// <param name="Kind">person or client.</param>
/// <param name="Email">The person's address.</param>
/// <param name="Name">The person's name.</param>
/// <param name="State">active.</param>
/// <param name="Rank">The rank.</param>
/// <param name="Authentication">How the caller showed who they are.</param>
/// <param name="Scopes">What the access token may be used for.</param>
internal sealed record MeResponse(
    string Id,
    [property: NamedValues(NamedValues.CallerKind)] string Kind,
    string? Email,
    PersonNameModel? Name,
    [property: NamedValues(NamedValues.PersonState)] string State,
    Rank? Rank,
    AuthenticationModel Authentication,
    IReadOnlyList<string> Scopes);
