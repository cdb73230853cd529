using NovaId.Api.Account;
using NovaId.Api.Gateway;

namespace NovaId.Api.Users;

/// <summary>A session of a person, for whoever helps them get in.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="UserAgent">What the device says it is; null if it says nothing.</param>
/// <param name="Address">The address it began from; null where only an address of the inside is known.</param>
/// <param name="AssuranceLevel">aal1, or aal2 with a second factor.</param>
/// <param name="Since">When it began.</param>
/// <param name="AuthenticatedAt">When the last factor was shown.</param>
/// <param name="ExpiresAt">When it runs out.</param>
internal sealed record UserSession(
    Guid Id,
    string? UserAgent,
    string? Address,
    string? AssuranceLevel,
    DateTimeOffset? Since,
    DateTimeOffset? AuthenticatedAt,
    DateTimeOffset ExpiresAt)
{
    public static UserSession Of(Session session) => new(
        session.Id,
        session.Devices?.Select(device => device.UserAgent).FirstOrDefault(agent => !string.IsNullOrEmpty(agent)),
        session.Devices?.Select(device => PublicAddress.Of(device.IpAddress)).FirstOrDefault(address => address is not null),
        session.AuthenticatorAssuranceLevel,
        session.IssuedAt,
        session.AuthenticatedAt,
        session.ExpiresAt);
}
