namespace NovaId.Api.Authentication;

/// <summary>Who calls.</summary>
internal static class AuthenticationServiceCollectionExtensions
{
    public static IServiceCollection AddIdTokenAuthentication(this IServiceCollection services) => services
        .AddSingleton<GatewayKeys>()
        .AddSingleton<VerifiedTokens>()
        .AddSingleton<IdTokenAuthenticator>();
}
