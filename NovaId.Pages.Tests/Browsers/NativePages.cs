using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NovaId.Accounts;
using NovaId.Admin;
using NovaId.Api;
using NovaId.Contract;
using NovaId.Emulator.Network;
using NovaId.Native;

namespace NovaId.Pages.Tests.Browsers;

/// <summary>The real Ory programs, with the API and the pages of this repository in this process.</summary>
internal sealed class NativePages : IAsyncDisposable
{
    private readonly NativeServices _services;
    private readonly List<WebApplication> _apps = [];
    private readonly Uri _gateway;

    private NativePages(NativeServices services, Uri gateway)
    {
        _services = services;
        _gateway = gateway;
    }

    /// <summary>The zone's address.</summary>
    public Uri Address => _services.Gateway;

    /// <summary>The operator's client.</summary>
    public ServiceClient Operator => ServiceClient.WithKey("novaid-operator", _services.KeyOf("novaid-operator"));

    /// <summary>Starts everything; it answers when the task completes.</summary>
    /// <param name="programs">The folder with the programs.</param>
    /// <param name="between">Where the others find a service, if something stands before it; told its name and its own address.</param>
    public static async Task<NativePages> StartAsync(string programs, Func<string, Uri, Task<Uri>>? between = null)
    {
        var ports = LoopbackPorts.Take(3);
        var addresses = ports.Select(port => new Uri($"http://127.0.0.1:{port}")).ToList();
        var api = between is null ? addresses[0] : await between("api", addresses[0]);
        var services = await NativeServices.StartAsync(programs, api, between: between, accounts: addresses[1], admin: addresses[2]);
        var pages = new NativePages(services, between is null ? services.Gateway : await between("gateway", services.Gateway));
        try
        {
            await pages.ServeAsync(ApiApplication.Create, ports[0], new()
            {
                ["Gateway:ClientKey"] = pages._services.KeyOf("novaid-api"),
                ["Storage:Path"] = ":memory:",
            });
            await pages.ServeAsync(AccountsApplication.Create, ports[1], new() { ["Gateway:ClientKey"] = pages._services.KeyOf("novaid-accounts") });
            await pages.ServeAsync(AdminApplication.Create, ports[2], []);
            return pages;
        }
        catch
        {
            await pages.DisposeAsync();
            throw;
        }
    }

    /// <summary>Moves the login of a session of Kratos back in time.</summary>
    public Task AgeSessionAsync(Guid session, TimeSpan age) => _services.ExecuteAsync(
        "kratos", $"UPDATE sessions SET authenticated_at = authenticated_at - interval '{(long)age.TotalSeconds} seconds' WHERE id = '{session}';");

    public async ValueTask DisposeAsync()
    {
        foreach (var app in Enumerable.Reverse(_apps))
        {
            await app.DisposeAsync();
        }

        await _services.DisposeAsync();
    }

    private async Task ServeAsync(Func<string[], Action<WebApplicationBuilder>, WebApplication> create, int port, Dictionary<string, string?> settings)
    {
        settings["Gateway:Address"] = _gateway.GetLeftPart(UriPartial.Authority);
        settings["Gateway:Issuer"] = Address.GetLeftPart(UriPartial.Authority);
        settings["Gateway:PublicAddress"] = Address.GetLeftPart(UriPartial.Authority);
        var app = create([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        });
        _apps.Add(app);
        await app.StartAsync();
    }
}
