using System.Collections.Concurrent;

namespace NovaId.Emulator.Hydra;

/// <summary>The logins and the consents that were given, in memory.</summary>
internal sealed class SessionStore(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, LoginSession> _logins = new();
    private readonly ConcurrentDictionary<string, Flow> _consents = new();

    public void ConfirmLogin(LoginSession session) => _logins[session.Id] = session;

    public LoginSession? FindRemembered(string id) => _logins.GetValueOrDefault(id) is { Remember: true } session ? session : null;

    /// <summary>Ends a login.</summary>
    /// <returns>The login; null if there was none.</returns>
    public LoginSession? RemoveLogin(string id) => _logins.TryRemove(id, out var session) ? session : null;

    public void RemoveLoginsOf(string subject)
    {
        foreach (var session in _logins.Values.Where(session => session.Subject == subject))
        {
            _logins.TryRemove(session.Id, out _);
        }
    }

    /// <summary>Records a consent; false if the flow has led to one before.</summary>
    public bool TryAddConsent(Flow flow) => _consents.TryAdd(flow.Id, flow);

    /// <summary>The newest consent that the subject gave this client and wanted remembered.</summary>
    public Flow? FindRememberedConsent(string clientId, string subject) => _consents.Values
        .Where(flow => flow.Client!.Id == clientId && flow.Subject == subject)
        .Where(flow => flow is { ConsentRemember: true, ConsentSkip: false })
        .Where(IsKept)
        .MaxBy(flow => flow.RequestedAt);

    /// <summary>What a subject consented to, remembered or not, behind one of them.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="loginSession">Only those of this login; empty for any.</param>
    /// <param name="after">The id of the flow before; empty for the first.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<Flow> ListConsents(string subject, string loginSession, string after, int count) =>
    [
        .. _consents.Values
            .Where(flow => flow.Subject == subject && !flow.ConsentSkip && IsKept(flow))
            .Where(flow => loginSession.Length == 0 || flow.SessionId == loginSession)
            .Where(flow => string.CompareOrdinal(flow.Id, after) > 0)
            .OrderBy(flow => flow.Id, StringComparer.Ordinal)
            .Take(count),
    ];

    /// <summary>Removes consents.</summary>
    /// <returns>The ids of the consent requests, which are the ids of the grants that came from them.</returns>
    public IReadOnlyList<string> RemoveConsents(Func<Flow, bool> condition)
    {
        var removed = _consents.Values.Where(condition).ToArray();
        foreach (var flow in removed)
        {
            _consents.TryRemove(flow.Id, out _);
        }

        return [.. removed.Select(flow => flow.ConsentRequestId)];
    }

    private bool IsKept(Flow flow) =>
        flow.ConsentRememberFor <= 0 || flow.RequestedAt.AddSeconds(flow.ConsentRememberFor) > time.GetUtcNow();
}
