using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NovaId.AppHost.Tests.Zones;

namespace NovaId.AppHost.Tests.Lifecycle;

public sealed class RefusedStartTests
{
    private const string Unpullable = "127.0.0.1:1";

    [Fact]
    public async Task A_port_in_use_is_named_with_the_remedy_and_nothing_is_started()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await using var host = AppHostProcess.Start($"--Zone:GatewayPort={port}", "--Zone:Kind=emulator");

        var error = await host.ErrorUntilAsync("did not start");

        Assert.Contains($"127.0.0.1:{port}", error, StringComparison.Ordinal);
        Assert.Contains("--Zone:GatewayPort=", error, StringComparison.Ordinal);
        Assert.Equal(1, await host.EndAsync());
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_named_with_the_remedy_and_whoever_gives_up_leaves_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A program cannot be asked to end here as by its terminal.");
        var missing = await Docker.MissingAsync([]);
        Assert.SkipWhen(missing is not null, $"No container zone: {missing}.");
        await using var host = AppHostProcess.Start("--Zone:GatewayPort=0", $"--Images:Registry={Unpullable}", "--Images:PullPolicy=Always");

        var error = await host.ErrorUntilAsync("--Images:Registry=");

        Assert.Contains($"cannot get its image {Unpullable}/", error, StringComparison.Ordinal);
        Assert.Contains("Error response from daemon", error, StringComparison.Ordinal);
        Assert.Contains($":{host.Id}:", await OwnersAsync(), StringComparison.Ordinal);

        await host.StopAsync();

        Assert.DoesNotContain($":{host.Id}:", await OwnersAsync(), StringComparison.Ordinal);

        static Task<string> OwnersAsync() =>
            Docker.OutputAsync("network", "ls", "--filter", "label=novaid.owner", "--format", "{{.Label \"novaid.owner\"}}");
    }
}
