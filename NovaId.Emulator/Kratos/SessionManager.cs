using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Kratos;

/// <summary>Opens sessions, finds the one of a request, and carries it in a cookie.</summary>
internal sealed class SessionManager(
    KratosConfiguration configuration, SessionStore sessions, IdentityStore identities, CookieProtector protector, CsrfProtection csrf, TimeProvider time)
{
    private const string Alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const string TokenKey = "session_token";
    private const string ExpiryKey = "expires_at";
    private const string NonceKey = "nonce";

    private CookieSettings Cookie => configuration.SessionCookie;

    /// <summary>The session that a request proves to hold, with its identity; null if it proves none, or one that has ended.</summary>
    public ActiveSession? Find(HttpRequest request)
    {
        var token = TokenOf(request);
        if (token is null || sessions.FindByToken(token) is not { } session || identities.Find(session.IdentityId) is not { } identity)
        {
            return null;
        }

        return session.HoldsAt(time.GetUtcNow()) && identity.IsActive ? new ActiveSession(session, identity) : null;
    }

    /// <summary>
    /// A login: a session of its own, or, for a login that renews or adds a factor, the same session with a later end.
    /// </summary>
    /// <exception cref="KratosException">The identity is inactive (401) or gone (404).</exception>
    public Session Activate(HttpRequest request, Session? renewed, Identity identity, string method, string assuranceLevel)
    {
        if (!identity.IsActive)
        {
            throw new KratosException(
                401,
                "identity is disabled",
                reason: "This account was disabled.",
                details: new JsonObject { ["identity_id"] = identity.Id.ToString() });
        }

        var now = time.GetUtcNow();
        var completed = new AuthenticationMethod(method, assuranceLevel, now);
        if (renewed is not null && renewed.IdentityId == identity.Id)
        {
            var longer = renewed with
            {
                AuthenticatedAt = now,
                ExpiresAt = now + configuration.SessionLifespan,
                AuthenticationMethods = renewed.AuthenticationMethods.Add(completed),
            };
            // A session that was revoked in the meantime must stay so.
            sessions.Update(longer.Id, current => longer with { Active = current.Active });
            return longer;
        }

        var session = new Session
        {
            Id = Guid.NewGuid(),
            Token = "ory_st_" + RandomNumberGenerator.GetString(Alphanumeric, 32),
            LogoutToken = "ory_lo_" + RandomNumberGenerator.GetString(Alphanumeric, 32),
            IdentityId = identity.Id,
            IssuedAt = now,
            AuthenticatedAt = now,
            ExpiresAt = now + configuration.SessionLifespan,
            CreatedAt = now,
            AuthenticationMethods = [completed],
            Devices = [Device.Of(request)],
        };
        sessions.Save(session);
        if (identities.Find(identity.Id) is null)
        {
            // It was deleted since it was found. In the database no session is without its identity.
            sessions.Delete(identity.Id);
            throw KratosException.NoRows();
        }

        return session;
    }

    /// <summary>Whoever sets up a factor has proved it at once.</summary>
    public void AddMethod(Guid sessionId, string method, string assuranceLevel) => sessions.Update(sessionId, session => session with
    {
        AuthenticationMethods = session.AuthenticationMethods.Add(new AuthenticationMethod(method, assuranceLevel, time.GetUtcNow())),
    });

    /// <summary>Whether a session is as strong as it must be: at level 1 any is; else a second factor that is set up must have been used.</summary>
    public static bool Satisfies(ActiveSession holder, string requiredLevel) =>
        requiredLevel == Session.Aal1 || !holder.Identity.HasSecondFactor || holder.Session.AssuranceLevel == Session.Aal2;

    /// <summary>Where a browser goes to add the second factor.</summary>
    public string StepUpAddress(string? returnTo = null)
    {
        var address = Addresses.SetQuery(Addresses.AppendPath(configuration.PublicAddress, "/self-service/login/browser"), ("aal", Session.Aal2));
        return returnTo is null ? address : Addresses.SetQuery(address, ("return_to", returnTo));
    }

    /// <summary>The refusal of a session that is too weak; it names the address of the way out.</summary>
    public KratosException TooWeak(string? returnTo = null)
    {
        var address = StepUpAddress(returnTo);
        return new KratosException(
            403,
            "Session does not fulfill the requested Authenticator Assurance Level",
            "session_aal2_required",
            "An active session was found but it does not fulfill the requested Authenticator Assurance Level. Please verify yourself with a second factor to resolve this issue.",
            new JsonObject { ["redirect_browser_to"] = address })
        {
            Members = new JsonObject { ["redirect_browser_to"] = address },
        };
    }

    /// <exception cref="KratosException">The session is too weak for <c>session.whoami.required_aal</c> (403).</exception>
    public void RequireStrength(ActiveSession holder)
    {
        if (!Satisfies(holder, configuration.WhoAmIAssuranceLevel))
        {
            throw TooWeak();
        }
    }

    /// <summary>Puts the session into a cookie. A browser that changes hands also gets another CSRF token.</summary>
    public void IssueCookie(HttpContext http, Session session)
    {
        if (Find(http.Request)?.Identity.Id != session.IdentityId)
        {
            csrf.Regenerate(http);
        }

        var now = time.GetUtcNow();
        var maxAge = TimeSpan.FromSeconds(Math.Floor((session.ExpiresAt - now).TotalSeconds));
        var value = protector.Protect(Cookie.Name, new Dictionary<string, string>
        {
            [TokenKey] = session.Token,
            [ExpiryKey] = session.ExpiresAt.ToString("O", CultureInfo.InvariantCulture),
            [NonceKey] = RandomNumberGenerator.GetString(Alphanumeric, 8),
        });
        Cookie.Append(http, Cookie.Name, value, Cookie.Persistent ? maxAge : null, Cookie.Persistent ? now + maxAge : null);
    }

    /// <summary>Gives the browser a cookie that lasts as long as the session, if the session was extended since.</summary>
    public void RefreshCookie(HttpContext http, Session session)
    {
        if (!http.Request.Cookies.ContainsKey(Cookie.Name))
        {
            return;
        }

        var cookie = ReadCookie(http.Request);
        if (cookie is null
            || !DateTimeOffset.TryParse(cookie.GetValueOrDefault(ExpiryKey), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var expiry)
            || expiry < session.ExpiresAt)
        {
            IssueCookie(http, session);
        }
    }

    /// <summary>Ends the session of a request and takes the cookie back.</summary>
    public void Purge(HttpContext http)
    {
        if (BearerToken(http.Request) is { } bearer)
        {
            Revoke(bearer);
        }
        else if (ReadCookie(http.Request)?.GetValueOrDefault(TokenKey) is { } token)
        {
            Revoke(token);
            Cookie.Append(http, Cookie.Name, "", TimeSpan.Zero, DateTimeOffset.UnixEpoch);
        }
    }

    /// <exception cref="KratosException">There is no such session (404).</exception>
    public void Revoke(string token)
    {
        if (sessions.Revoke(session => session.Token == token) == 0)
        {
            throw KratosException.NoRows();
        }
    }

    /// <summary>The session as its holder may see it.</summary>
    public JsonObject ToJson(Session session, Identity identity) => session.ToJson(
        session.HoldsAt(time.GetUtcNow()) && identity.IsActive, identity.ToJson(configuration.PublicAddress), session.DevicesToJson());

    private static string? BearerToken(HttpRequest request)
    {
        var parts = request.Headers.Authorization.ToString().Split(' ');
        return parts.Length == 2 && string.Equals(parts[0], "bearer", StringComparison.OrdinalIgnoreCase) && parts[1].Length > 0 ? parts[1] : null;
    }

    /// <summary>The header first, then the cookie if this service made it, then the bearer token.</summary>
    private string? TokenOf(HttpRequest request)
    {
        string? header = request.Headers["X-Session-Token"];
        return !string.IsNullOrEmpty(header) ? header : ReadCookie(request)?.GetValueOrDefault(TokenKey) ?? BearerToken(request);
    }

    /// <summary>What the first of the cookies carries that this service made.</summary>
    private Dictionary<string, string>? ReadCookie(HttpRequest request) =>
        GoCookies.All(request, Cookie.Name).Select(value => protector.Unprotect(Cookie.Name, value)).FirstOrDefault(values => values is not null);
}
