using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;
using NovaId.ServiceDefaults;

namespace NovaId.Api.Gateway;

/// <summary>The clients of the services behind the gateway.</summary>
internal static class GatewayServiceCollectionExtensions
{
    /// <summary>The HTTP client whose address is the gateway's; everything the API calls shares its connections.</summary>
    public const string ClientName = "gateway";

    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddHttpClient(ClientName)
            .ConfigureHttpClient((provider, http) =>
            {
                http.BaseAddress = provider.GetRequiredService<IOptions<GatewayOptions>>().Value.BaseAddress;
                http.Timeout = Timeout.InfiniteTimeSpan;
            })
            .UseSocketsHttpHandler((handler, provider) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.UseProxy = false;
                handler.ConnectTimeout = TimeSpan.FromSeconds(1);
                // A request makes up to four calls at once, all to this one host.
                handler.MaxConnectionsPerServer = 512;
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
                handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90);
                handler.MaxResponseHeadersLength = 16;
                handler.MaxResponseDrainSize = 0;
                handler.TrustAuthoritiesOf(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.AuthorityFile);
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // The channel has its own bounds: a retry on top of its one, or a longer limit than its two seconds, would undo them.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear())
            // Their lines would name addresses of the private network's routes and who is asked for.
            .RemoveAllLoggers();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<GatewayOptions>>().Value.ReadCredential());
        services.AddSingleton<ServiceTokenSource>();
        services.AddSingleton<PageTokenSeal>();
        services.AddSingleton<GatewayChannel>();
        services.AddSingleton<KratosClient>();
        services.AddSingleton<KetoClient>();
        services.AddSingleton<HydraClient>();
        return services;
    }
}
