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

    /// <param name="gateway">The gateway that it calls, and that calls it.</param>
    /// <param name="client">Its own client.</param>
    /// <param name="port">Where it listens; 0 for a free port.</param>
    /// <param name="settings">More of its settings.</param>
    public static async Task<ApiUnderTest> StartAsync(Uri gateway, ServiceClient client, int port = 0, params (string Key, string Value)[] settings)
    {
        var app = ApiApplication.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Gateway:Address"] = gateway.GetLeftPart(UriPartial.Authority),
                ["Gateway:ClientId"] = client.Id,
                ["Gateway:ClientKey"] = client.Key,
                ["Gateway:ClientSecret"] = client.Secret,
                ["Storage:Path"] = ":memory:",
            });
            builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        });
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
