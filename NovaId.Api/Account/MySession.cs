using NovaId.Api.Authorization;
using NovaId.Api.Gateway;

namespace NovaId.Api.Account;

/// <summary>A session of the person who asks.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="IsCurrent">Whether it is the session that asks.</param>
/// <param name="UserAgent">What the device says it is; null if it says nothing.</param>
/// <param name="Address">The address it began from; null where only an address of the inside is known.</param>
/// <param name="AssuranceLevel">aal1, or aal2 with a second factor.</param>
/// <param name="Methods">What was shown in it: password, passkey, code, totp, lookup_secret.</param>
/// <param name="Since">When it began.</param>
/// <param name="AuthenticatedAt">When the last factor was shown.</param>
/// <param name="ExpiresAt">When it runs out.</param>
/// <param name="LastUsedAt">When it was last used; null where that is not known: Kratos keeps none, so it is known of the current one only.</param>
internal sealed record MySession(
    Guid Id,
    bool IsCurrent,
    string? UserAgent,
    string? Address,
    string? AssuranceLevel,
    IReadOnlyList<string> Methods,
    DateTimeOffset? Since,
    DateTimeOffset? AuthenticatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt)
{
    /// <summary>The person's sessions, the one that asks first, then the newest.</summary>
    public static async Task<IReadOnlyList<MySession>> ListAsync(
        KratosClient kratos,
        CallerSubject caller,
        CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        var sessions = await kratos.ListSessionsAsync(caller.PersonId!.Value, cancellationToken);
        return
        [
            .. sessions.Select(session => Of(session, session.Id == caller.SessionId, now))
                .OrderByDescending(session => session.IsCurrent).ThenByDescending(session => session.Since),
        ];
    }

    private static MySession Of(Session session, bool isCurrent, DateTimeOffset now) => new(
        session.Id,
        isCurrent,
        session.Devices?.Select(device => device.UserAgent).FirstOrDefault(agent => !string.IsNullOrEmpty(agent)),
        session.Devices?.Select(device => PublicAddress.Of(device.IpAddress)).FirstOrDefault(address => address is not null),
        session.AuthenticatorAssuranceLevel,
        [.. (session.AuthenticationMethods ?? []).Select(method => method.Method).OfType<string>().Distinct()],
        session.IssuedAt,
        session.AuthenticatedAt,
        session.ExpiresAt,
        isCurrent ? now : null);
}
