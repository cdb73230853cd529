using Microsoft.Extensions.Options;
using NovaId.Demo.Calls;
using NovaId.Demo.Claims;
using NovaId.Demo.Configuration;
using NovaId.Demo.Home;
using NovaId.Demo.Login;
using NovaId.Pages;
using NovaId.Pages.Components;
using NovaId.Pages.Configuration;
using NovaId.Pages.Layout;

namespace NovaId.Demo;

/// <summary>
/// A third party: an app of somebody else, at an origin of its own that no cookie of the zone reaches. People let it in with OpenID Connect,
/// and it calls the API with what they granted; in a process of its own or inside another.
/// </summary>
public static class DemoApplication
{
    /// <summary>The OAuth2 client of this app.</summary>
    public const string ClientId = DemoOptions.DefaultClientId;

    /// <summary>Where browsers know this app, unless a setting says otherwise.</summary>
    public const string DefaultAddress = DemoOptions.DefaultAddress;

    /// <summary>Puts the pages together and checks their configuration; they are not started yet.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Changes the builder before anything is built: addresses, configuration, logging.</param>
    /// <returns>The application.</returns>
    /// <exception cref="OptionsValidationException">A key is missing or wrong; the failures name it and say what to do.</exception>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = PagesExtensions.CreateBuilder(
            new PageSite
            {
                Name = Texts.SiteName,
                BasePath = "",
                Assets = typeof(DemoApplication).Assembly,
                LogoutAction = LoginEndpoints.LogoutPath,
                Navigation =
                [
                    new NavigationItem(HomeEndpoints.Path, () => Texts.Home_Nav, "person"),
                    new NavigationItem(ClaimsEndpoints.Path, () => Texts.Claims_Nav, "shield"),
                    new NavigationItem(CallEndpoints.Path, () => Texts.Calls_Nav, "list"),
                ],
            },
            args);
        builder.Services.AddSingleton<IValidateOptions<DemoOptions>, DemoOptionsValidator>();
        builder.Services.AddOptions<DemoOptions>().BindConfiguration(DemoOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton(services => new PageOrigin(services.GetRequiredService<IOptions<DemoOptions>>().Value.Origin));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddLogin();
        builder.Services.AddScoped<CallClient>();
        // The correlation of a login and its challenges stand in addresses.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.None);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UsePages();
        app.UseLogin();
        app.MapHome();
        app.MapLogin();
        app.MapClaims();
        app.MapCalls();
        app.MapFallback(ErrorModel.NotFound);
        return app;
    }
}
