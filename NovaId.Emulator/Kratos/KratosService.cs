using NovaId.Emulator.Go;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Kratos.Strategies;
using NovaId.Emulator.Mail;

namespace NovaId.Emulator.Kratos;

/// <summary>Kratos v26.2.0 in memory, as far as the zone uses it: the public port for people, the administrative one for services.</summary>
internal sealed class KratosService : IEmbeddedService
{
    private static readonly TimeSpan HydraTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The paths that Kratos' protection from forged requests leaves alone: they check for themselves, or nobody forges them.</summary>
    private static readonly HashSet<string> Unprotected =
    [
        "/self-service/login/api", "/self-service/login", "/self-service/registration/api", "/self-service/registration",
        "/self-service/settings/api", "/self-service/settings", "/self-service/logout/api",
        "/self-service/recovery/api", "/self-service/recovery", "/self-service/verification/api", "/self-service/verification",
        "/sessions", "/identities", "/admin/identities", "/courier/messages", "/admin/courier/messages", "/recovery/code", "/recovery/link", "/health/alive", "/health/ready", "/version",
    ];

    private static readonly string[] UnprotectedBelow = ["/sessions/", "/identities/", "/admin/identities/", "/schemas/", "/admin/schemas/"];

    private readonly WebApplication _app;
    private readonly HttpClient _hydra;
    private readonly SessionStore _sessions;
    private readonly PasswordVault _passwords;
    private readonly TimeProvider _time;
    private readonly OneTimeCodes _codes;

    private KratosService(ServiceContext context, KratosConfiguration configuration, Mailbox mailbox)
    {
        _time = context.Time;
        _sessions = new SessionStore(_time);
        _passwords = new PasswordVault(configuration);
        _hydra = new HttpClient(context.Network.CreateHandler()) { Timeout = HydraTimeout };

        var identities = new IdentityStore();
        var protector = new CookieProtector(configuration.CookieSecrets);
        var csrf = new CsrfProtection(configuration);
        var manager = new SessionManager(configuration, _sessions, identities, protector, csrf, _time);
        var selfService = new SelfService(configuration, csrf, manager, new HydraLogins(configuration, _hydra), _time);

        var courier = new Courier(configuration, mailbox, _time);
        _codes = new OneTimeCodes(configuration, _time);
        var sender = new CodeSender(configuration, identities, _codes, courier);
        var privileged = new PrivilegedChanges(configuration, new Continuity(configuration, protector, _time), _time);
        // In Kratos' order: the first one that is responsible answers.
        var strategies = new StrategySet(
            configuration,
            new ProfileStrategy(selfService, identities, privileged),
            new PasswordStrategy(selfService, identities, _passwords, privileged),
            new CodeStrategy(selfService, identities, _codes, sender),
            new TotpStrategy(selfService, identities, privileged),
            new PasskeyStrategy(selfService, identities, privileged),
            new LookupStrategy(selfService, identities, privileged));

        var publicRoutes = new Routes();
        new LoginEndpoints(selfService, strategies).Map(publicRoutes);
        var verification = new VerificationEndpoints(selfService, identities, _sessions, _codes, sender, csrf);
        verification.Map(publicRoutes);
        new RegistrationEndpoints(selfService, identities, strategies, verification).Map(publicRoutes);
        var settings = new SettingsEndpoints(selfService, identities, strategies, privileged, verification);
        settings.Map(publicRoutes);
        var recovery = new RecoveryEndpoints(selfService, identities, _codes, sender, settings, _sessions, csrf);
        recovery.Map(publicRoutes);
        new LogoutEndpoints(selfService, csrf).Map(publicRoutes);
        new SessionEndpoints(manager, _sessions, _time).Map(publicRoutes);
        var publicEndpoints = new PublicEndpoints(configuration, selfService);
        publicEndpoints.Map(publicRoutes);
        publicEndpoints.MapRedirects(publicRoutes);

        var adminRoutes = new Routes();
        new AdminIdentityEndpoints(configuration, identities, _sessions, _time).Map(adminRoutes);
        new AdminSessionEndpoints(configuration, identities, _sessions, _time).Map(adminRoutes);
        new RecoveryCodeEndpoints(configuration, recovery, identities, _codes).Map(adminRoutes);
        new CourierEndpoints(configuration, courier, _time).Map(adminRoutes);
        new AdminEndpoints(configuration).Map(adminRoutes);

        var logger = context.Loggers.CreateLogger<KratosService>();
        _app = ServiceHost.CreateBuilder(context, "kratos", configuration.PublicPort, configuration.AdminPort).Build();
        _app.UseGoRequests();
        _app.Use((http, next) => GuardAsync(http, next, logger));
        _app.Run(http => http.Connection.LocalPort == configuration.AdminPort
            ? ServeAdminAsync(http, adminRoutes)
            : ServePublicAsync(http, publicRoutes, csrf));
    }

    /// <summary>Reads the configuration and builds the service.</summary>
    /// <param name="context">What every service starts from.</param>
    /// <param name="mailbox">Where its mails go.</param>
    /// <exception cref="Configuration.ConfigurationException">The emulator cannot start with this configuration.</exception>
    public static KratosService Create(ServiceContext context, Mailbox mailbox) => new(context, KratosConfiguration.Read(context), mailbox);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Beside the start, not in its way.
        _ = Task.Run(_passwords.WarmUp, CancellationToken.None);
        return _app.StartAsync(cancellationToken);
    }

    /// <summary>Makes a session run out now, as if its lifespan had passed.</summary>
    public void ExpireSession(Guid sessionId) => Change(sessionId, session => session with { ExpiresAt = _time.GetUtcNow() });

    /// <summary>Moves the login of a session back in time.</summary>
    public void AgeSession(Guid sessionId, TimeSpan age) => Change(sessionId, session => session with { AuthenticatedAt = session.AuthenticatedAt - age });

    /// <summary>Makes the codes that were sent for a flow run out now.</summary>
    public void ExpireCodes(Guid flowId) => _codes.Expire(flowId);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _hydra.Dispose();
    }

    private void Change(Guid sessionId, Func<Session, Session> change)
    {
        if (!_sessions.Update(sessionId, change))
        {
            throw new ArgumentException($"There is no session {sessionId}.", nameof(sessionId));
        }
    }

    private static async Task GuardAsync(HttpContext http, RequestDelegate next, ILogger logger)
    {
        if (HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.Headers.CacheControl = "private, no-cache, no-store, must-revalidate";
        }

        try
        {
            await next(http);
        }
        catch (KratosException error) when (!http.Response.HasStarted)
        {
            await KratosJson.WriteAsync(http, error);
        }
        catch (Exception exception) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            KratosLog.Failed(logger, exception);
            await KratosJson.WriteAsync(http, new KratosException(500, "An internal server error occurred, please contact the system administrator"));
        }
    }

    private static async Task ServePublicAsync(HttpContext http, Routes routes, CsrfProtection csrf)
    {
        var path = http.Request.Path.Value ?? "";
        var unprotected = Unprotected.Contains(path) || UnprotectedBelow.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal));
        csrf.Begin(http, issue: !unprotected);
        var safe = http.Request.Method is "GET" or "HEAD" or "OPTIONS" or "TRACE";
        if (!unprotected && !safe && !await csrf.IsProvenAsync(http))
        {
            throw csrf.Violation(http, tokenSent: !string.IsNullOrEmpty(http.Request.Headers["X-CSRF-Token"]));
        }

        await routes.InvokeAsync(http);
    }

    private static Task ServeAdminAsync(HttpContext http, Routes routes)
    {
        var path = http.Request.Path.Value ?? "";
        if (!path.StartsWith("/admin", StringComparison.Ordinal))
        {
            http.Request.Path = "/admin" + path;
        }

        return routes.InvokeAsync(http);
    }
}
