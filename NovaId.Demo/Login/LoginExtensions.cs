using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using NovaId.Demo.Configuration;
using NovaId.Pages.Configuration;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Demo.Login;

/// <summary>
/// Login by OpenID Connect: authorization code, PKCE, state and nonce. What Hydra gives lies in a cookie of this app alone, sealed with keys
/// that never leave the server: authenticated encryption, so that a browser holds it and can do nothing with it, and every instance with the
/// same keys can.
/// </summary>
internal static class LoginExtensions
{
    public const string CookieName = "novaid-demo";

    /// <summary>As long as Hydra remembers a login (<c>ttl.authentication_session</c>).</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public static IServiceCollection AddLogin(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName(typeof(LoginExtensions).Assembly.GetName().Name!);
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<DemoOptions>, ILoggerFactory>((keys, demo, loggers) =>
        {
            keys.XmlRepository = demo.Value.KeyFolder is { Length: > 0 } folder ? new FileSystemXmlRepository(new DirectoryInfo(folder), loggers) : new ProcessKeys();
            // Whoever may read the folder is whoever runs this app.
            keys.XmlEncryptor = new NullXmlEncryptor();
        });
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie().AddOpenIdConnect();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme).Configure<IOptions<DemoOptions>>(SetUp);
        services.AddOptions<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme)
            .Configure<IOptions<DemoOptions>, IOptions<GatewayOptions>, GatewayHandler>(SetUp);
        services.AddSingleton(provider => new GatewayHandler(
            provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(GatewayClient.ClientName), provider.GetRequiredService<IOptions<GatewayOptions>>()));
        services.AddSingleton<TokenRenewals>();
        services.AddSingleton<TokenClient>();
        services.AddScoped<AppSession>();
        return services;
    }

    /// <summary>Reads the cookie, and lets the logout of every page end at the zone.</summary>
    public static void UseLogin(this WebApplication app)
    {
        var zone = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.Origin;
        app.UseAuthentication();
        app.Use((http, next) =>
        {
            FormTargets.Allow(http, zone);
            return next(http);
        });
    }

    private static void SetUp(CookieAuthenticationOptions cookies, IOptions<DemoOptions> demo)
    {
        // A browser takes a name with this prefix only over https, for this host alone.
        cookies.Cookie.Name = demo.Value.IsSecure ? $"__Host-{CookieName}" : CookieName;
        cookies.Cookie.SecurePolicy = demo.Value.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        cookies.Cookie.HttpOnly = true;
        cookies.Cookie.SameSite = SameSiteMode.Lax;
        cookies.ExpireTimeSpan = Lifetime;
        cookies.SlidingExpiration = false;
    }

    private static void SetUp(OpenIdConnectOptions oidc, IOptions<DemoOptions> demo, IOptions<GatewayOptions> gateway, GatewayHandler handler)
    {
        oidc.Authority = gateway.Value.Origin;
        oidc.RequireHttpsMetadata = gateway.Value.Origin.StartsWith("https:", StringComparison.Ordinal);
        oidc.BackchannelHttpHandler = handler;
        oidc.BackchannelTimeout = TokenClient.Limit;
        oidc.ClientId = demo.Value.ClientId;
        oidc.ClientSecret = demo.Value.ClientSecret;
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.UsePkce = true;
        oidc.DisableTelemetry = true;
        oidc.MapInboundClaims = false;
        oidc.SaveTokens = false;
        oidc.GetClaimsFromUserInfoEndpoint = false;
        oidc.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.RsaSha256];
        oidc.Scope.Clear();
        foreach (var scope in DemoScopes.All)
        {
            oidc.Scope.Add(scope);
        }

        oidc.CallbackPath = LoginEndpoints.CallbackPath;
        oidc.SignedOutCallbackPath = LoginEndpoints.SignedOutPath;
        oidc.SignedOutRedirectUri = LoginEndpoints.SignedOutPage;
        // Nobody outside ends a login here.
        oidc.RemoteSignOutPath = default;
        // The answer comes as a navigation, which Lax lets through; None would need https.
        foreach (var cookie in (CookieBuilder[])[oidc.CorrelationCookie, oidc.NonceCookie])
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = demo.Value.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        }

        oidc.Events = new LoginEvents();
    }
}
