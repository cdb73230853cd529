using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NovaId.Pages.Configuration;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;
using NovaId.ServiceDefaults;

namespace NovaId.Pages;

/// <summary>What every app for people has in common.</summary>
public static class PagesExtensions
{
    private const long MaximumForm = 64 * 1024;

    /// <summary>A builder with components, assets, security headers, and the way to the gateway.</summary>
    /// <param name="site">The app.</param>
    /// <param name="args">The command line.</param>
    /// <returns>The builder, named after the assembly of the app's assets.</returns>
    public static WebApplicationBuilder CreateBuilder(PageSite site, string[] args)
    {
        ArgumentNullException.ThrowIfNull(site);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ApplicationName = site.Assets?.GetName().Name });
        builder.AddServiceDefaults();
        builder.AddServerCertificate();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaximumForm;
        });
        builder.Services.AddSingleton(site);
        builder.Services.AddSingleton<PageAssets>();
        builder.Services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        builder.Services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton(services => new PageOrigin(services.GetRequiredService<IOptions<GatewayOptions>>().Value.Origin));
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddPageSecurityHeaders();
        builder.Services.AddHttpClient(GatewayClient.ClientName)
            .UseSocketsHttpHandler((handler, provider) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.UseProxy = false;
                handler.ConnectTimeout = TimeSpan.FromSeconds(1);
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
                handler.TrustAuthoritiesOf(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.AuthorityFile);
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // One question, one answer, within the page's own limit; and no line of a log names who asked for what.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear())
            .RemoveAllLoggers();
        builder.Services.AddSingleton<GatewayClient>();
        builder.Services.AddScoped<Visitor>();
        builder.Services.AddScoped<HtmlRenderer>();
        return builder;
    }

    /// <summary>Answers with pages: headers, failures, assets, language, and forms of the app's own origin only.</summary>
    /// <param name="app">The app.</param>
    /// <returns>The same app.</returns>
    /// <exception cref="OptionsValidationException">A key is missing or wrong; the failures name it and say what to do.</exception>
    public static WebApplication UsePages(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.UseSecurityHeaders();
        app.UseMiddleware<ZoneNameMiddleware>();
        app.UseMiddleware<PersonCultureMiddleware>();
        app.UseMiddleware<FailureMiddleware>();
        app.Services.GetRequiredService<PageAssets>().Serve(app);
        app.UseMiddleware<SameOriginMiddleware>();
        app.UseRouting();
        app.MapDefaultEndpoints();
        return app;
    }
}
