using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using NovaId.Emulator.Hosting;

namespace NovaId.Emulator.Hydra;

/// <summary>Hydra v26.2.0 in memory, as far as the zone uses it: the public port for applications, the administrative one for services.</summary>
internal sealed class HydraService : IEmbeddedService
{
    private readonly WebApplication _app;

    private HydraService(ServiceContext context, HydraSettings settings)
    {
        var builder = ServiceHost.CreateBuilder(context, "hydra", settings.PublicPort, settings.AdminPort);
        var services = builder.Services;
        services.AddLogging();
        services.AddAuthentication();
        services.AddSingleton(settings);
        services.AddSingleton<ClientStore>();
        services.AddSingleton(new ClientSecretHasher(settings.HashIterations));
        services.AddSingleton<ClientAuthentication>();
        services.AddSingleton<FlowStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SignedCookies>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton(new OpaqueTokenFactory(settings.SystemSecret));
        services.AddSingleton<TokenStore>();
        services.AddSingleton<TokenGrants>();
        services.AddSingleton<TokenIntrospector>();
        services.AddSingleton<LoginConsentStrategy>();
        services.AddSingleton<AdminClientEndpoints>();
        services.AddSingleton<AdminChallengeEndpoints>();
        services.AddSingleton<AdminTokenEndpoints>();
        services.AddOAuth2Server(settings);

        _app = builder.Build();
        _app.Use(GuardAsync);
        _app.UsePort(settings.AdminPort, endpoints =>
        {
            _app.Services.GetRequiredService<AdminClientEndpoints>().Map(endpoints);
            _app.Services.GetRequiredService<AdminChallengeEndpoints>().Map(endpoints);
            _app.Services.GetRequiredService<AdminTokenEndpoints>().Map(endpoints);
            MapHealth(endpoints);
            endpoints.Map("/admin/{**rest}", (HttpContext http) => http.WriteErrorAsync(OAuth2Error.NotImplemented($"{http.Request.Method} {http.Request.Path}")));
        });

        // The protocol endpoints are on the public port alone, which is all that is left here.
        _app.UseMiddleware<AuthenticationMiddleware>();
        _app.UsePort(settings.PublicPort, endpoints =>
        {
            MapHealth(endpoints);
            foreach (var path in (string[])["/oauth2/sessions/logout", "/oauth2/device/auth", "/oauth2/device/verify"])
            {
                endpoints.Map(path, (HttpContext http) => http.WriteErrorAsync(OAuth2Error.NotImplemented(path)));
            }
        });
    }

    /// <summary>Reads the configuration and builds the service.</summary>
    /// <exception cref="Configuration.ConfigurationException">The emulator cannot start with this configuration.</exception>
    public static HydraService Create(ServiceContext context) => new(context, HydraSettings.Read(context));

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void MapHealth(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/alive", (HttpContext http) => http.WriteJsonAsync(new System.Text.Json.Nodes.JsonObject { ["status"] = "ok" }));
        endpoints.MapGet("/health/ready", (HttpContext http) => http.WriteJsonAsync(new System.Text.Json.Nodes.JsonObject { ["status"] = "ok" }));
        endpoints.MapGet("/version", (HttpContext http) => http.WriteJsonAsync(new System.Text.Json.Nodes.JsonObject { ["version"] = "v26.2.0" }));
    }

    private static async Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (OAuth2Exception exception) when (!http.Response.HasStarted)
        {
            await http.WriteErrorAsync(exception.Error);
        }
        catch (JsonException exception) when (!http.Response.HasStarted)
        {
            await http.WriteErrorAsync(OAuth2Error.BadRequest with { Hint = $"Unable to decode the request body: {exception.Message}" });
        }
    }
}
