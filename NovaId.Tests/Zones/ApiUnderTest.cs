using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NovaId.Api;
using NovaId.Contract;

namespace NovaId.Tests.Zones;

/// <summary>The API of this repository, in this process, on a loopback port of its own.</summary>
internal sealed class ApiUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiUnderTest(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<ApiUnderTest> StartAsync(Uri gateway, ServiceClient client)
    {
        var app = ApiApplication.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Gateway:Address"] = gateway.GetLeftPart(UriPartial.Authority),
                ["Gateway:ClientId"] = client.Id,
                ["Gateway:ClientSecret"] = client.Secret,
                ["Storage:Path"] = ":memory:",
            });
        });
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
