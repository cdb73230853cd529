using Microsoft.Extensions.Options;
using NovaId.Admin.Home;
using NovaId.Admin.Keys;
using NovaId.Admin.Log;
using NovaId.Admin.People;
using NovaId.Admin.Ranks;
using NovaId.Admin.Rights;
using NovaId.Admin.Why;
using NovaId.Pages;
using NovaId.Pages.Components;

namespace NovaId.Admin;

/// <summary>
/// The officers' work: people, ranks, keys and the access log; in a process of its own or inside another. It has no right and no secret of
/// its own: it asks the API with the cookie of whoever is in front of it.
/// </summary>
public static class AdminApplication
{
    /// <summary>Where the pages stand at the gateway.</summary>
    public const string BasePath = "/admin";

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
                Assets = typeof(AdminApplication).Assembly,
                LogoutAction = "/accounts/logout",
            },
            args);
        builder.Services.AddScoped<RightsReader>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UsePages();
        app.MapHome();
        app.MapPeople();
        app.MapRanks();
        app.MapWhy();
        app.MapKeys();
        app.MapLog();
        app.MapFallback(ErrorModel.NotFound);
        return app;
    }
}
