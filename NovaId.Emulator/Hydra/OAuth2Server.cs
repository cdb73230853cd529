using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// OpenIddict behind Hydra's routes. It reads the protocol, keeps the order of an OAuth2 exchange and decides which tokens there are;
/// clients, grants and tokens are Hydra's, so it runs without a store of its own.
/// </summary>
internal static class OAuth2Server
{
    /// <summary>Before everything that OpenIddict brings itself.</summary>
    private const int First = int.MinValue + 100_000;

    /// <summary>The steps in which Hydra's rules stand in the place of OpenIddict's own.</summary>
    private static readonly HashSet<Type> Replaced =
    [
        typeof(ValidateAuthorizationRequestContext),
        typeof(ValidateTokenRequestContext),
        typeof(ValidateRevocationRequestContext),
        typeof(ValidateUserInfoRequestContext),
        typeof(HandleTokenRequestContext),
    ];

    public static void AddOAuth2Server(this IServiceCollection services, HydraSettings settings)
    {
        services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode();
            server.Configure(options => options.Handlers.RemoveAll(handler => Replaced.Contains(handler.ContextType)));
            server.SetIssuer(new Uri(settings.Issuer));
            server.SetAuthorizationEndpointUris("/oauth2/auth")
                .SetTokenEndpointUris("/oauth2/token")
                .SetRevocationEndpointUris("/oauth2/revoke")
                .SetUserInfoEndpointUris("/userinfo")
                .SetConfigurationEndpointUris("/.well-known/openid-configuration")
                .SetJsonWebKeySetEndpointUris("/.well-known/jwks.json");
            server.AllowAuthorizationCodeFlow().AllowClientCredentialsFlow().AllowRefreshTokenFlow();

            // Nothing is encrypted or signed with this key, but the server does not start without one.
            server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
            Handle<ValidateAuthorizationRequestContext, AuthorizationEndpoint>(server);
            Handle<HandleAuthorizationRequestContext, AuthorizationEndpoint>(server);
            Handle<ApplyAuthorizationResponseContext, AuthorizationEndpoint>(server);
            Handle<ValidateTokenRequestContext, TokenEndpoint>(server);
            Handle<HandleTokenRequestContext, TokenEndpoint>(server);
            Handle<ApplyTokenResponseContext, TokenEndpoint>(server);
            Handle<ValidateRevocationRequestContext, RevocationEndpoint>(server);
            Handle<ValidateUserInfoRequestContext, UserInfoEndpoint>(server);
            Handle<ApplyConfigurationResponseContext, DiscoveryEndpoint>(server);
            Handle<GenerateTokenContext, TokenIssuer>(server);
            server.UseAspNetCore().DisableTransportSecurityRequirement();
        });
        services.AddOptions<OpenIddictServerOptions>().Configure<SigningKeys>((options, keys) =>
        {
            options.SigningCredentials.Add(keys.IdToken);
            options.SigningCredentials.Add(keys.AccessToken);
        });
    }

    private static void Handle<TContext, THandler>(OpenIddictServerBuilder server)
        where TContext : BaseContext
        where THandler : class, IOpenIddictServerHandler<TContext> =>
        server.AddEventHandler<TContext>(handler => handler.UseSingletonHandler<THandler>().SetOrder(First));
}
