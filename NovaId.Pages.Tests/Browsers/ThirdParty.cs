using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NovaId.Pages.Tests.Browsers;

/// <summary>Another site: an application that people let in, or one that attacks them. It stands at 127.0.0.1, which no cookie of the zone
/// reaches.</summary>
internal sealed class ThirdParty : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ThirdParty(WebApplication app) => _app = app;

    /// <summary>Its origin.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Where an authorization code goes.</summary>
    public string Callback => new Uri(Address, "/callback").ToString();

    /// <summary>Starts one.</summary>
    /// <param name="html">The page at its root.</param>
    public static async Task<ThirdParty> StartAsync(string html = "<title>Third party</title>")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapGet("/", () => Results.Content(html, "text/html"));
        app.MapGet("/callback", () => Results.Content("<title>Back</title>", "text/html"));
        app.MapGet("/favicon.ico", () => Results.NoContent());
        await app.StartAsync();
        return new ThirdParty(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
