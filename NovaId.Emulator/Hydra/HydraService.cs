using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using NovaId.Emulator.Go;
using NovaId.Emulator.Hosting;
using OpenIddict.Server.AspNetCore;

namespace NovaId.Emulator.Hydra;

/// <summary>Ory Hydra in memory: the OAuth2 and OpenID Connect server of the embedded zone.</summary>
internal sealed partial class HydraService : IEmbeddedService
{
    private const string Version = "v26.2.0";

    private static readonly TimeSpan IdentityProviderTimeout = TimeSpan.FromSeconds(5);

    private static readonly string[] GetOrPost = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post];
    private static readonly string[] Get = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Post = [HttpMethods.Post];

    private readonly WebApplication _app;

    private HydraService(WebApplication app) => _app = app;

    /// <summary>Reads the configuration and builds the service.</summary>
    /// <exception cref="Configuration.ConfigurationException">The configuration cannot be honoured.</exception>
    public static HydraService Create(ServiceContext context)
    {
        var settings = HydraSettings.Read(context);
        var keys = new SigningKeys();
        var builder = ServiceHost.CreateBuilder(context, "hydra", settings.PublicPort, settings.AdminPort);
        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton(_ => keys);
        services.AddSingleton(new OpaqueTokenFactory(settings.SystemSecret));
        services.AddSingleton(new ClientSecretHasher(settings.HashIterations));
        services.AddSingleton<ClientStore>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<FlowStore>();
        services.AddSingleton<DeviceStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<LogoutStore>();
        services.AddSingleton<SignedCookies>();
        services.AddSingleton<PageTokens>();
        services.AddSingleton<UsedAssertions>();
        services.AddSingleton<ClientAssertion>();
        services.AddSingleton<ClientAuthentication>();
        services.AddSingleton<TokenIntrospector>();
        services.AddSingleton<LoginConsentStrategy>();
        services.AddSingleton(provider => new IdentityProvider(
            settings,
            new HttpClient(context.Network.CreateHandler()) { Timeout = IdentityProviderTimeout },
            provider.GetRequiredService<ILogger<IdentityProvider>>()));
        services.AddSingleton<DeviceEndpoint>();
        services.AddSingleton<CredentialsEndpoint>();
        services.AddSingleton<LogoutEndpoint>();
        services.AddSingleton<LogoutApi>();
        services.AddSingleton<ClientsApi>();
        services.AddSingleton<LoginConsentApi>();
        services.AddSingleton<TokensApi>();
        OpenIddictSetup.Add(services, keys);

        var app = builder.Build();
        app.UseGoRequests();
        var logger = context.Loggers.CreateLogger<HydraService>();
        app.Use((http, next) =>
        {
            NormalizePath(http, settings.AdminPort);
            return GuardAsync(http, next, logger);
        });
        app.UsePort(settings.PublicPort, endpoints => MapPublic(endpoints, app.Services));
        app.UsePort(settings.AdminPort, endpoints => MapAdmin(endpoints, app.Services));

        // Left out, ASP.NET Core would put this first, and OpenIddict would answer on both ports whatever the method. Here it is never
        // reached: the routes above hand OpenIddict what is its own.
        app.UseAuthentication();
        return new HydraService(app);
    }

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void MapPublic(IEndpointRouteBuilder endpoints, IServiceProvider services)
    {
        endpoints.MapMethods("/oauth2/auth", GetOrPost, RunProtocolAsync);
        endpoints.MapMethods("/oauth2/token", Post, RunProtocolAsync);
        endpoints.MapMethods("/oauth2/revoke", Post, RunProtocolAsync);
        endpoints.MapMethods("/userinfo", GetOrPost, RunProtocolAsync);
        endpoints.MapMethods("/.well-known/openid-configuration", Get, RunProtocolAsync);
        endpoints.MapMethods("/.well-known/oauth-authorization-server", Get, RunProtocolAsync);
        endpoints.MapMethods("/.well-known/jwks.json", Get, RunProtocolAsync);
        services.GetRequiredService<LogoutEndpoint>().Map(endpoints);
        services.GetRequiredService<DeviceEndpoint>().Map(endpoints);
        services.GetRequiredService<CredentialsEndpoint>().Map(endpoints);
        MapHealth(endpoints, "");
        foreach (var (method, pattern) in new[]
        {
            (HttpMethods.Post, "/oauth2/register"),
            (HttpMethods.Get, "/oauth2/register/{id}"),
            (HttpMethods.Put, "/oauth2/register/{id}"),
            (HttpMethods.Delete, "/oauth2/register/{id}"),
        })
        {
            endpoints.MapApi(method, pattern, _ => throw new OAuth2Exception(
                new OAuth2Error("The requested resource could not be found", 404, "Dynamic registration is not enabled.")));
        }

        // Unlike on the admin port, a wrong method is an unknown route here, as Hydra has one route for all the rest.
        endpoints.Map("/{**rest}", (RequestDelegate)(http => http.WriteErrorAsync(new OAuth2Error(
            "Not Found",
            404,
            "The requested route does not exist. Make sure you are using the right path, domain, and port."))));
    }

    private static void MapAdmin(IEndpointRouteBuilder endpoints, IServiceProvider services)
    {
        services.GetRequiredService<ClientsApi>().Map(endpoints);
        services.GetRequiredService<LoginConsentApi>().Map(endpoints);
        services.GetRequiredService<LogoutApi>().Map(endpoints);
        services.GetRequiredService<DeviceEndpoint>().MapAdmin(endpoints);
        services.GetRequiredService<TokensApi>().Map(endpoints);
        MapHealth(endpoints, "/admin");
        endpoints.MapApi(HttpMethods.Get, "/admin/version", http => http.WriteJsonAsync(new JsonObject { ["version"] = Version }));
        foreach (var method in new[] { HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete })
        {
            endpoints.MapNotImplemented(method, "/admin/keys/{**rest}");
            endpoints.MapNotImplemented(method, "/admin/trust/{**rest}");
        }

        endpoints.MapNotImplemented(HttpMethods.Get, "/admin/metrics/prometheus");
    }

    private static void MapHealth(IEndpointRouteBuilder endpoints, string prefix)
    {
        foreach (var check in new[] { "alive", "ready" })
        {
            endpoints.MapApi(HttpMethods.Get, $"{prefix}/health/{check}", http => http.WriteJsonAsync(
                new JsonObject { ["status"] = "ok" }));
        }
    }

    /// <summary>Hands the request to OpenIddict, which knows it by its path.</summary>
    private static async Task RunProtocolAsync(HttpContext http)
    {
        var handlers = http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        var handler = (IAuthenticationRequestHandler)(await handlers.GetHandlerAsync(
            http, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme))!;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await handler.HandleRequestAsync();
            return;
        }

        // OpenIddict knows no HEAD, and Go answers it as the GET, without the body.
        var body = http.Response.Body;
        http.Request.Method = HttpMethods.Get;
        http.Response.Body = Stream.Null;
        try
        {
            await handler.HandleRequestAsync();
        }
        finally
        {
            http.Request.Method = HttpMethods.Head;
            http.Response.Body = body;
        }
    }

    /// <summary>Whatever goes wrong is answered in the form of OAuth2, as Hydra answers it.</summary>
    private static async Task GuardAsync(HttpContext http, RequestDelegate next, ILogger logger)
    {
        try
        {
            await next(http);
        }
        catch (OAuth2Exception exception) when (!http.Response.HasStarted)
        {
            await http.WriteErrorAsync(exception.Error);
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            await http.WriteErrorAsync(OAuth2Error.InvalidRequest with { Status = exception.StatusCode });
        }
        catch (Exception exception) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            LogFailure(logger, exception, http.Request.Path);
            http.Response.Clear();
            await http.WriteErrorAsync(OAuth2Error.Unrecognizable);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed.")]
    private static partial void LogFailure(ILogger logger, Exception exception, string path);

    /// <summary>As Hydra does before it routes: a slash at the end does not count, and on the admin port /admin may be left out.</summary>
    private static void NormalizePath(HttpContext http, int adminPort)
    {
        var path = http.Request.Path.Value!;
        path = path.EndsWith('/') ? path[..^1] : path;
        if (http.Connection.LocalPort == adminPort && !path.StartsWith("/admin", StringComparison.Ordinal))
        {
            path = "/admin" + path;
        }

        http.Request.Path = path.Length > 0 ? path : "/";
        if (HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.Headers.CacheControl = "private, no-cache, no-store, must-revalidate";
        }
    }
}
