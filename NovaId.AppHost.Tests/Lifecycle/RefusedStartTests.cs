using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using NovaId.AppHost.Tests.Zones;

namespace NovaId.AppHost.Tests.Lifecycle;

[Collection<OwnZone>]
public sealed class RefusedStartTests
{
    /// <summary>Nobody listens there.</summary>
    private const string Nowhere = "127.0.0.1:1";

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
    public async Task A_folder_that_cannot_be_written_is_named_with_the_remedy_and_nothing_is_published()
    {
        var file = Path.GetTempFileName();
        try
        {
            await using var host = AppHostProcess.Start("--operation", "publish", "--step", "publish", "--output-path", $"{file}/out");

            var error = await host.ErrorUntilAsync("did not start");

            Assert.Contains($"{file}/out cannot be written", error, StringComparison.Ordinal);
            Assert.Contains("--output-path", error, StringComparison.Ordinal);
            Assert.Equal(1, await host.EndAsync());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_broken_rule_is_named_with_its_file_and_the_API_never_starts()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A program cannot be asked to end here as by its terminal.");
        var missing = await Docker.MissingAsync([]);
        Assert.SkipWhen(missing is not null, $"No container zone: {missing}.");
        var instance = RandomNumberGenerator.GetHexString(8, lowercase: true);
        var folder = Directory.CreateTempSubdirectory("novaid-broken-");
        try
        {
            await CopyConfigurationAsync(folder, "handler: noop", "handler: nope");
            await ZoneTurn.TakeAsync();
            await using var host = AppHostProcess.Start(
                "--Zone:GatewayPort=0", "--Images:PullPolicy=Never", $"--Networks:Instance={instance}", $"--Zone:Configuration={folder.FullName}");

            var error = await host.ErrorUntilAsync("nope");

            Assert.Contains("'configuration' ended with exit code", error, StringComparison.Ordinal);
            Assert.Contains("access-rules.yml", error, StringComparison.Ordinal);

            // It would start some seconds after the services, on this machine's side of the edge network.
            Assert.Equal("", await Docker.OutputAsync("ps", "--quiet", "--filter", $"name=^api-{instance}$"));
            var address = await Docker.OutputAsync("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", $"novaid-edge-{instance}");
            for (var attempt = 0; attempt < 40; attempt++)
            {
                using var visitor = new TcpClient();
                await Assert.ThrowsAsync<SocketException>(() => visitor.ConnectAsync(address, 8080, TestContext.Current.CancellationToken).AsTask());
                await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Without_an_engine_it_says_so_and_how_to_do_without()
    {
        // Whether there is none or it does not answer, makes no difference to whoever wants to go on.
        var environment = new Dictionary<string, string> { ["DOCKER_HOST"] = $"tcp://{Nowhere}" };
        await using var host = AppHostProcess.Start(environment, "--Zone:GatewayPort=0");

        var error = await host.ErrorUntilAsync("did not start");

        Assert.Contains("--launch-profile emulator", error, StringComparison.Ordinal);
        Assert.Equal(1, await host.EndAsync());
    }

    [Fact]
    public async Task A_network_that_cannot_be_made_is_named_and_what_is_not_ours_is_left_alone()
    {
        var missing = await Docker.MissingAsync([]);
        Assert.SkipWhen(missing is not null, $"No container zone: {missing}.");
        var instance = RandomNumberGenerator.GetHexString(8, lowercase: true);
        var theirs = $"novaid-edge-{instance}";
        Assert.Equal(0, (await Docker.RunAsync("network", "create", theirs)).ExitCode);
        try
        {
            await using var host = AppHostProcess.Start("--Zone:GatewayPort=0", $"--Networks:Instance={instance}");

            var error = await host.ErrorUntilAsync("did not start");

            Assert.Contains("The network 'edge' cannot be made", error, StringComparison.Ordinal);
            Assert.Contains("network prune", error, StringComparison.Ordinal);
            Assert.Equal(1, await host.EndAsync());
            Assert.Equal(theirs, await Docker.OutputAsync("network", "ls", "--filter", $"name={theirs}", "--format", "{{.Name}}"));
            Assert.DoesNotContain($":{host.Id}:", await OwnersAsync(), StringComparison.Ordinal);
        }
        finally
        {
            await Docker.RunAsync("network", "rm", theirs);
        }
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_named_with_the_remedy_and_whoever_gives_up_leaves_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A program cannot be asked to end here as by its terminal.");
        var missing = await Docker.MissingAsync([]);
        Assert.SkipWhen(missing is not null, $"No container zone: {missing}.");
        await using var host = AppHostProcess.Start("--Zone:GatewayPort=0", $"--Images:Registry={Nowhere}", "--Images:PullPolicy=Always");

        var error = await host.ErrorUntilAsync("--Images:Registry=");

        Assert.Contains($"cannot get its image {Nowhere}/", error, StringComparison.Ordinal);
        Assert.Contains("Error response from daemon", error, StringComparison.Ordinal);
        Assert.Contains($":{host.Id}:", await OwnersAsync(), StringComparison.Ordinal);

        await host.StopAsync();

        Assert.DoesNotContain($":{host.Id}:", await OwnersAsync(), StringComparison.Ordinal);
    }

    /// <summary>The project's configuration with something else in its rules.</summary>
    private static async Task CopyConfigurationAsync(DirectoryInfo target, string text, string instead)
    {
        var source = Path.GetFullPath("../ory-config", Projects.NovaId_AppHost.ProjectPath);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target.FullName, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            var content = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                copy,
                Path.GetFileName(file) == "access-rules.yml" ? content.Replace(text, instead, StringComparison.Ordinal) : content,
                TestContext.Current.CancellationToken);
        }
    }

    private static Task<string> OwnersAsync() =>
        Docker.OutputAsync("network", "ls", "--filter", "label=aspire-networks.owner", "--format", "{{.Label \"aspire-networks.owner\"}}");
}
