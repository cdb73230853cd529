using Aspire.Hosting.Testing;
using NovaId.AppHost.Tests.Zones;

namespace NovaId.AppHost.Tests.Lifecycle;

[Collection<OwnZone>]
public sealed class EmulatorProfileTests
{
    [Fact]
    public async Task The_emulator_comes_up_healthy_and_answers_through_its_gateway()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.NovaId_AppHost>(
            ["--Zone:Kind=emulator", "--Zone:GatewayPort=0", "--Zone:ApiPort=0", "--Zone:DemoPort=0"], patience.Token);
        await using var app = await builder.BuildAsync(patience.Token);
        await app.StartAsync(patience.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("emulator", patience.Token);

        using var http = app.CreateHttpClient("emulator", "http");
        Assert.Equal("""{"status":"healthy"}""", await http.GetStringAsync(new Uri("/api/health", UriKind.Relative), patience.Token));
        using var refused = await http.GetAsync(new Uri("/api/me", UriKind.Relative), patience.Token);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("<form", await PageAsync(http, "/accounts/login", patience.Token), StringComparison.Ordinal);
    }

    /// <summary>A page, as soon as there is one: the pages start after the gateway.</summary>
    private static async Task<string> PageAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            if (response.StatusCode != System.Net.HttpStatusCode.BadGateway)
            {
                return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    [Fact]
    public async Task Whoever_stops_it_finds_no_key_of_it_left()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A program cannot be asked to end here as by its terminal.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        var folder = Directory.CreateTempSubdirectory("novaid-left-");
        try
        {
            await using var host = AppHostProcess.Start(
                new Dictionary<string, string> { ["TMPDIR"] = folder.FullName }, "--Zone:Kind=emulator", "--Zone:GatewayPort=0", "--Zone:ApiPort=0");
            while (KeysIn(folder).Length == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
            }

            await host.StopAsync();

            Assert.Empty(KeysIn(folder));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static string[] KeysIn(DirectoryInfo folder) => Directory.GetFiles(folder.FullName, "*.jwks.json", SearchOption.AllDirectories);
    }
}
