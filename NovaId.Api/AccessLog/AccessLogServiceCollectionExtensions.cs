using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>The record of every decision.</summary>
internal static class AccessLogServiceCollectionExtensions
{
    public static IServiceCollection AddAccessLog(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<AccessLogHealthCheck>("access log");
        return services
            .AddSingleton<LogPlace>(provider => Place(
                provider.GetRequiredService<IOptions<AccessLogOptions>>().Value,
                provider.GetRequiredService<Database>()))
            .AddSingleton(Open)
            .AddSingleton<VerificationQueue>()
            .AddSingleton<AccessLogWriter>()
            .AddHostedService(provider => provider.GetRequiredService<AccessLogWriter>())
            .AddSingleton<DecisionRecorder>();
    }

    /// <summary>Records decisions. It stands before everything else, so that it knows the answer as it leaves.</summary>
    public static IApplicationBuilder UseDecisionRecords(this IApplicationBuilder app) => app.UseMiddleware<DecisionMiddleware>();

    public static LogPlace Place(AccessLogOptions options, Database database) => database switch
    {
        PostgresDatabase postgres => new PostgresLogPlace(options, postgres),
        SqliteDatabase sqlite => new FileLogPlace(options, sqlite),
        _ => throw new NotSupportedException($"{database.GetType().Name} holds no access log."),
    };

    private static AccessLogStore Open(IServiceProvider provider)
    {
        var store = ActivatorUtilities.CreateInstance<AccessLogStore>(provider);
        if (!store.IsShared)
        {
            // What lies beside the program is there or never will be: it starts with it, or not at all.
            store.OpenAsync(CancellationToken.None).GetAwaiter().GetResult();
        }

        return store;
    }
}
