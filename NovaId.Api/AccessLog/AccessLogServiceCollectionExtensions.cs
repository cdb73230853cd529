namespace NovaId.Api.AccessLog;

/// <summary>The record of every decision.</summary>
internal static class AccessLogServiceCollectionExtensions
{
    public static IServiceCollection AddAccessLog(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<AccessLogHealthCheck>("access log");
        return services
            .AddSingleton<AccessLogStore>()
            .AddSingleton<VerificationQueue>()
            .AddSingleton<AccessLogWriter>()
            .AddHostedService(provider => provider.GetRequiredService<AccessLogWriter>())
            .AddSingleton<DecisionRecorder>();
    }

    /// <summary>Records decisions. It stands before everything else, so that it knows the answer as it leaves.</summary>
    public static IApplicationBuilder UseDecisionRecords(this IApplicationBuilder app) => app.UseMiddleware<DecisionMiddleware>();
}
