namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>Changes that only somebody makes who signed in lately. A browser is sent to sign in again and goes on with what it had sent.</summary>
internal sealed class PrivilegedChanges(KratosConfiguration configuration, Continuity continuity, TimeProvider time)
{
    private const string Prefix = "ory_kratos_settings_";

    /// <summary>The error of a change that comes too long after the login.</summary>
    public const string StaleId = "session_refresh_required";

    public static KratosException Stale() => KratosException.Forbidden(
        "The login session is too old and thus not allowed to update these fields. Please re-authenticate.", StaleId);

    public bool AllowedFor(Session session) => session.AuthenticatedAt + configuration.PrivilegedSessionMaxAge >= time.GetUtcNow();

    /// <exception cref="KratosException">The login is too old (403).</exception>
    public void Require(Session session)
    {
        if (!AllowedFor(session))
        {
            throw Stale();
        }
    }

    /// <summary>Makes a change; one that is refused leaves the form as Kratos shows it then, and waits for the login that it asks for.</summary>
    public async Task<Outcome> ChangeAsync(Attempt attempt, string method, Func<Task<Outcome>> change)
    {
        try
        {
            return await change();
        }
        catch (Exception error) when (SelfService.IsRefusal(error))
        {
            if (error is KratosException { Id: StaleId } && attempt.Flow.IsBrowser)
            {
                Pause(attempt, method);
            }

            attempt.Flow.Ui.ResetMessages();
            attempt.Flow.Ui.SetCsrf(CsrfProtection.Token(attempt.Http));
            throw;
        }
    }

    /// <summary>Keeps a submission for the time after the next login.</summary>
    public void Pause(Attempt attempt, string method) =>
        continuity.Pause(attempt.Http, Prefix + method, attempt.Holder.Identity.Id, attempt.Flow.Id, attempt.Submission);

    /// <summary>What a browser had sent to this flow before it had to sign in again, or null.</summary>
    public Submission? Resume(HttpContext http, Flow flow, string method) =>
        continuity.Resume(http, Prefix + method, flow.IdentityId) is { } paused && paused.FlowId == flow.Id ? paused.Submission : null;

    /// <summary>Forgets what was kept.</summary>
    public void Abort(HttpContext http, Guid identityId, string method) => continuity.Resume(http, Prefix + method, identityId);
}
