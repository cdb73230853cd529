using Microsoft.Extensions.Options;
using NovaId.Accounts.Applications;
using NovaId.Accounts.Configuration;
using NovaId.Accounts.Consent;
using NovaId.Accounts.Data;
using NovaId.Accounts.Device;
using NovaId.Accounts.Enter;
using NovaId.Accounts.Errors;
using NovaId.Accounts.Flows;
using NovaId.Accounts.Home;
using NovaId.Accounts.Hydra;
using NovaId.Accounts.Keys;
using NovaId.Accounts.Logout;
using NovaId.Accounts.Sessions;
using NovaId.Pages;
using NovaId.Pages.Components;
using NovaId.Pages.Layout;

namespace NovaId.Accounts;

/// <summary>The pages with which people log in, look after their account and let applications in; in a process of their own or inside another.</summary>
public static class AccountsApplication
{
    /// <summary>Where the pages stand at the gateway.</summary>
    public const string BasePath = "/accounts";

    /// <summary>The client with which these pages answer Hydra's questions about consent, logout and devices.</summary>
    public const string ClientId = ServiceClientOptions.DefaultClientId;

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
                BasePath = BasePath,
                Assets = typeof(AccountsApplication).Assembly,
                LogoutAction = LogoutEndpoints.Path,
                Navigation =
                [
                    new NavigationItem(HomeEndpoints.Path, () => Texts.Home_Nav, "person"),
                    new NavigationItem(FlowKind.Settings.Path, () => Texts.Settings_Nav, "shield"),
                    new NavigationItem(SessionEndpoints.Path, () => Texts.Sessions_Nav, "device"),
                    new NavigationItem(ApplicationEndpoints.Path, () => Texts.Applications_Nav, "apps"),
                    new NavigationItem(KeyEndpoints.Path, () => Texts.Keys_Nav, "key"),
                    new NavigationItem(DataEndpoints.Path, () => Texts.Data_Nav, "data"),
                ],
            },
            args);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHydra();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UsePages();
        app.MapHome();
        app.MapEnter();
        app.MapSessionCheck();
        app.MapFlows();
        app.MapSessions();
        app.MapApplications();
        app.MapKeys();
        app.MapData();
        app.MapConsent();
        app.MapLogout();
        app.MapDevice();
        app.MapErrors();
        app.MapFallback(ErrorModel.NotFound);
        return app;
    }
}
