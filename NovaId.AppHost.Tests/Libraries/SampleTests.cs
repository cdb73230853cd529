using System.Security.Cryptography;
using Aspire.Hosting.Testing;
using NovaId.AppHost.Tests.Zones;

namespace NovaId.AppHost.Tests.Libraries;

/// <summary>The AppHost that a stranger would write, which knows nothing of this project.</summary>
[Collection<OwnZone>]
public sealed class SampleTests
{
    private const int LongestSample = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task It_starts_on_its_networks_its_gateway_answers_and_nothing_else_is_to_be_had()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.PrivateOry_AppHost>(
            [$"--Networks:Instance={RandomNumberGenerator.GetHexString(8, lowercase: true)}"], TestContext.Current.CancellationToken);
        var missing = await Docker.MissingAsync(ContainerZone.Images(builder));
        Assert.SkipWhen(missing is not null, $"No containers: {missing}.");
        await ZoneTurn.TakeAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await using var app = await builder.BuildAsync(patience.Token);
        await app.StartAsync(patience.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("topology", patience.Token);

        using var http = app.CreateHttpClient("gateway", OathkeeperResource.ProxyEndpointName);
        Assert.Equal("""{"status":"ok"}""", (await http.GetStringAsync(new Uri("/health/alive", UriKind.Relative), patience.Token)).Trim());
        var proven = await app.ResourceCommands.ExecuteCommandAsync("topology", ProofBuilderExtensions.CommandName, patience.Token);

        TestContext.Current.TestOutputHelper!.WriteLine(proven.Data?.Value ?? "");
        Assert.True(proven.Success, proven.Message);
        Assert.Contains("| this machine | kratos | kratos | 4433 | no such name | no such name | ok |", proven.Data!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_short()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Projects.PrivateOry_AppHost.ProjectPath, "AppHost.cs"), TestContext.Current.CancellationToken);

        Assert.InRange(lines.Length, 1, LongestSample);
        Assert.DoesNotContain(lines, line => line.Contains("NovaId", StringComparison.OrdinalIgnoreCase));
    }
}
