using NovaId.Emulator.Go;

namespace NovaId.Emulator.Kratos;

/// <summary>
/// Lets a browser go on with what it had sent before it was told to sign in again: the submission waits here, the browser keeps a cookie
/// that names it.
/// </summary>
internal sealed class Continuity(KratosConfiguration configuration, CookieProtector protector, TimeProvider time)
{
    private const string CookieName = "ory_kratos_continuity";

    private static readonly TimeSpan Lifespan = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan CookieMaxAge = TimeSpan.FromDays(30);

    private readonly ExpiringStore<PausedSubmission> _paused = new(time, paused => paused.ExpiresAt);

    public void Pause(HttpContext http, string name, Guid identityId, Guid flowId, Submission submission)
    {
        var id = Guid.NewGuid();
        _paused.Save(id, new PausedSubmission(identityId, flowId, submission, time.GetUtcNow() + Lifespan));
        var names = Read(http);
        names[name] = id.ToString();
        Write(http, names);
    }

    /// <summary>What waits under this name for this identity, once; null if nothing does.</summary>
    public PausedSubmission? Resume(HttpContext http, string name, Guid identityId)
    {
        var names = Read(http);
        if (!names.Remove(name, out var id))
        {
            return null;
        }

        Write(http, names);
        return Guid.TryParse(id, out var key) && _paused.Take(key) is { } paused && paused.ExpiresAt > time.GetUtcNow() && paused.IdentityId == identityId
            ? paused
            : null;
    }

    private Dictionary<string, string> Read(HttpContext http) =>
        GoCookies.All(http.Request, CookieName).Select(value => protector.Unprotect(CookieName, value)).FirstOrDefault(values => values is not null)
        ?? [];

    private void Write(HttpContext http, Dictionary<string, string> names) =>
        (configuration.Cookie with { Path = "/", SameSite = Microsoft.Net.Http.Headers.SameSiteMode.Lax })
        .Append(http, CookieName, protector.Protect(CookieName, names), CookieMaxAge);
}
