using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;

namespace NovaId.Api.Shutdown;

/// <summary>An end without a refused request.</summary>
internal static class ShutdownExtensions
{
    /// <summary>What a request that has begun may take, and the access log after it.</summary>
    private static readonly TimeSpan TimeToFinish = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddGracefulShutdown(this IServiceCollection services)
    {
        services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>(
            (host, shutdown) => host.ShutdownTimeout = shutdown.Value.Delay + TimeToFinish);
        services.AddHealthChecks().AddCheck<Draining>("shutdown");
        return services
            .AddSingleton<Draining>()
            .AddHostedService(provider => provider.GetRequiredService<Draining>());
    }

    /// <summary>While the API drains, every answer asks for another connection the next time, which then leads to another instance.</summary>
    public static IApplicationBuilder UseGracefulShutdown(this IApplicationBuilder app)
    {
        var draining = app.ApplicationServices.GetRequiredService<Draining>();
        return app.Use((http, next) =>
        {
            if (draining.HasBegun)
            {
                http.Response.Headers.Connection = "close";
            }

            return next(http);
        });
    }
}
