namespace NovaId.Api.Authorization;

/// <summary>Who may do what.</summary>
internal static class AuthorizationServiceCollectionExtensions
{
    public static IServiceCollection AddLiveAuthorization(this IServiceCollection services) => services
        .AddSingleton<AssuranceVerifier>()
        .AddSingleton<CallerVerifier>();

    /// <summary>Verifies every request whose endpoint does not do without a caller. Routing comes before it.</summary>
    public static IApplicationBuilder UseLiveAuthorization(this IApplicationBuilder app) => app.UseMiddleware<VerificationMiddleware>();
}
