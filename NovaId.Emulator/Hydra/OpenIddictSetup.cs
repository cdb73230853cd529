using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using NovaId.Emulator.Go;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// Sets OpenIddict's server up behind Hydra's routes. It runs in degraded mode, that is without stores of its own: Hydra's rules decide
/// in event handlers, and OpenIddict runs the endpoints, the sign-in, the token digests, the discovery document and the key set.
/// </summary>
internal static class OpenIddictSetup
{
    /// <summary>The events in which Hydra's rules stand in for OpenIddict's.</summary>
    private static readonly HashSet<Type> Replaced =
    [
        typeof(ExtractAuthorizationRequestContext),
        typeof(ValidateAuthorizationRequestContext),
        typeof(HandleAuthorizationRequestContext),
        typeof(ApplyAuthorizationResponseContext),
        typeof(ExtractTokenRequestContext),
        typeof(ValidateTokenRequestContext),
        typeof(HandleTokenRequestContext),
        typeof(ApplyTokenResponseContext),
        typeof(ExtractRevocationRequestContext),
        typeof(ValidateRevocationRequestContext),
        typeof(ExtractUserInfoRequestContext),
        typeof(ValidateUserInfoRequestContext),
        typeof(GenerateTokenContext),
        typeof(HandleConfigurationRequestContext),
    ];

    public static void Add(IServiceCollection services, SigningKeys keys)
    {
        services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode()
                .AllowAuthorizationCodeFlow()
                .AllowClientCredentialsFlow()
                .AllowRefreshTokenFlow()
                .SetAuthorizationEndpointUris("oauth2/auth")
                .SetTokenEndpointUris("oauth2/token")
                .SetRevocationEndpointUris("oauth2/revoke")
                .SetUserInfoEndpointUris("userinfo")
                .SetConfigurationEndpointUris(".well-known/openid-configuration", ".well-known/oauth-authorization-server")
                .SetJsonWebKeySetEndpointUris(".well-known/jwks.json")
                .AddSigningCredentials(keys.IdToken)
                .AddSigningCredentials(keys.AccessToken)

                // OpenIddict does not start without a key to encrypt with, although nothing here is encrypted.
                .AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            server.Configure(options => options.Handlers.RemoveAll(handler => Replaced.Contains(handler.ContextType)));

            AddExtraction<ExtractAuthorizationRequestContext>(server);
            AddExtraction<ExtractTokenRequestContext>(server);
            AddExtraction<ExtractRevocationRequestContext>(server);
            AddExtraction<ExtractUserInfoRequestContext>(server);
            Handle<ValidateAuthorizationRequestContext, AuthorizationEndpoint>(server);
            Handle<HandleAuthorizationRequestContext, AuthorizationEndpoint>(server);
            Handle<ApplyAuthorizationResponseContext, AuthorizationEndpoint>(server);
            Handle<ValidateTokenRequestContext, TokenEndpoint>(server);
            Handle<HandleTokenRequestContext, TokenEndpoint>(server);
            Handle<ApplyTokenResponseContext, TokenAnswer>(server);
            Handle<ValidateRevocationRequestContext, RevocationEndpoint>(server);
            Handle<ValidateUserInfoRequestContext, UserInfoEndpoint>(server);
            Handle<GenerateTokenContext, TokenIssuer>(server);
            Handle<HandleConfigurationRequestContext, DiscoveryDocument>(server);
            Handle<ProcessSignInContext, TokenIssuer>(server, EvaluateGeneratedTokens.Descriptor.Order + 500);
            Handle<ProcessSignInContext, TokenAnswer>(server, AttachSignInParameters.Descriptor.Order + 500);
        });

        // OpenIddict logs each request with its parameters, and some of Hydra's (login_verifier, consent_verifier) are secrets.
        services.AddSingleton<ILogger<OpenIddictServerDispatcher>>(NullLogger<OpenIddictServerDispatcher>.Instance);

        // Authentication brings data protection with it, which would write a key ring to the disk at start-up. Nothing here uses it.
        foreach (var service in services.Where(IsDataProtection).ToArray())
        {
            services.Remove(service);
        }
    }

    private static bool IsDataProtection(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService)
        && service.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true;

    /// <summary>
    /// Hands OpenIddict the parameters; Hydra's endpoints read the credentials themselves, because the two differ in what they take.
    /// </summary>
    private static void AddExtraction<TContext>(OpenIddictServerBuilder server)
        where TContext : BaseValidatingContext =>
        server.AddEventHandler<TContext>(handler => handler.UseInlineHandler(async context =>
        {
            var parameters = (await GoForm.ReadAsync(context.Transaction.GetHttpContext().Request)).All;
            context.Transaction.Request = new OpenIddictRequest(
                parameters.Names.Where(name => name.Length > 0).Select(name => KeyValuePair.Create(name, new StringValues(parameters[name]))));

            // The sign-in looks here for the tokens that came with the request, which Hydra's endpoints have checked already.
            context.Transaction.SetProperty(
                typeof(ProcessAuthenticationContext).FullName!,
                new ProcessAuthenticationContext(context.Transaction));
        }));

    private static void Handle<TContext, THandler>(OpenIddictServerBuilder server, int order = 0)
        where TContext : BaseContext
        where THandler : class, IOpenIddictServerHandler<TContext> =>
        server.AddEventHandler<TContext>(handler => handler.UseSingletonHandler<THandler>().SetOrder(order));
}
