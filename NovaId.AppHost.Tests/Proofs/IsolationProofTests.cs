using System.Net;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NovaId.AppHost.Tests.Zones;
using NovaId.Contract.Drivers;

namespace NovaId.AppHost.Tests.Proofs;

[Collection<OwnZone>]
public sealed class IsolationProofTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task The_sealed_api_sees_the_gateway_and_nothing_else()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.NovaId_AppHost>(
            ["--Zone:Kind=Sealed", "--Zone:KeepData=false", "--Zone:GatewayPort=0", "--Zone:DemoPort=0", "--Images:PullPolicy=Never"], TestContext.Current.CancellationToken);
        await using var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        var engine = app.Services.GetRequiredService<ContainerEngine>();
        await SkipWithoutContainersAsync(engine, app.Services.GetRequiredService<DistributedApplicationModel>(), "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled");
        await ZoneTurn.TakeAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await app.StartAsync(patience.Token);
        await ReadyAsync(app, patience.Token);

        var start = DateTimeOffset.UtcNow;
        var matrix = await ProveWhenUpAsync(app, patience.Token);

        TestContext.Current.TestOutputHelper!.WriteLine(matrix.ToMarkdown());
        SkipIfTooSlow(app, start, matrix.IsProven, matrix.Summary, matrix.ToMarkdown());
        Assert.True(matrix.IsProven, matrix.Summary);
        Assert.Equal(["api kratos kratos 4433 no such name", "api oathkeeper oathkeeper 4455 answers"], matrix.Headline.Select(row => $"{row.From} {row.Target} {row.Address} {row.Port} {row.Seen}"));
        Assert.Equal(["api", "oathkeeper"], matrix.Rows.Where(row => row.From == "api" && row.Answered).Select(row => row.Target).Distinct().Order());
    }

    [Fact]
    public async Task A_running_zone_is_proven_and_a_container_on_the_wrong_network_is_named()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.NovaId_AppHost>(
            ["--Zone:KeepData=false", "--Zone:GatewayPort=0", "--Zone:DemoPort=0", "--Images:PullPolicy=Never"],
            TestContext.Current.CancellationToken);
        await using var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        var engine = app.Services.GetRequiredService<ContainerEngine>();
        await SkipWithoutContainersAsync(engine, app.Services.GetRequiredService<DistributedApplicationModel>());
        await ZoneTurn.TakeAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await app.StartAsync(patience.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("topology", patience.Token);
        await app.ResourceNotifications.WaitForResourceAsync("api", KnownResourceStates.Running, patience.Token);
        await ReadyAsync(app, patience.Token);
        await ProveWhenUpAsync(app, patience.Token);

        var start = DateTimeOffset.UtcNow;
        var proven = await app.ResourceCommands.ExecuteCommandAsync("topology", ProofBuilderExtensions.CommandName, patience.Token);

        TestContext.Current.TestOutputHelper!.WriteLine(proven.Data?.Value ?? "");
        SkipIfTooSlow(app, start, proven.Success, proven.Message, proven.Data?.Value);
        Assert.True(proven.Success, proven.Message);
        Assert.Contains("| kratos | kratos | 4433 | no such name | no such name | ok |", proven.Data!.Value, StringComparison.Ordinal);
        await NothingOfItIsLeftAsync(engine, patience.Token);

        var model = app.Services.GetRequiredService<DistributedApplicationModel>();
        var edge = model.Resources.OfType<EdgeNetworkResource>().Single().EngineName;
        var kratos = NetworkMember.All(model).Single(member => member.Resource is KratosResource).ContainerName!;
        await engine.RunAsync(["network", "connect", edge, kratos], patience.Token);

        var refuted = await app.ResourceCommands.ExecuteCommandAsync("topology", ProofBuilderExtensions.CommandName, patience.Token);
        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name.StartsWith("topology", StringComparison.Ordinal), patience.Token);

        Assert.False(refuted.Success);
        Assert.Contains(", kratos at ", refuted.Message, StringComparison.Ordinal);
        Assert.Matches(@"\| anything on 'edge' \| kratos \| kratos-[0-9a-f]{8} \| 4434 \| no such name \| answers \| \*\*differs\*\* \|", refuted.Data!.Value);
        Assert.Matches(@"\| kratos \| api \| [0-9.]+ \| 8080 \| nothing answers \| answers \| \*\*differs\*\* \|", refuted.Data.Value);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains("'kratos' is on 'edge', where the model does not put it", Assert.Single(health.Entries).Value.Description, StringComparison.Ordinal);

        await engine.RunAsync(["network", "disconnect", edge, kratos], patience.Token);
        start = DateTimeOffset.UtcNow;
        var again = await app.Services.GetRequiredService<IsolationProof>().ProveAsync(patience.Token);
        SkipIfTooSlow(app, start, again.IsProven, again.Summary, again.ToMarkdown());
        Assert.True(again.IsProven, again.Summary);

        await engine.RunAsync(["stop", "--time", "1", kratos], patience.Token);
        var stopped = await app.ResourceCommands.ExecuteCommandAsync("topology", ProofBuilderExtensions.CommandName, patience.Token);

        Assert.False(stopped.Success);
        Assert.Contains("Not up, or not yet: 'kratos'.", stopped.Message, StringComparison.Ordinal);
    }

    /// <summary>Who should answer and did not in time may be slow. Who answers and should not is never.</summary>
    private static void SkipIfTooSlow(DistributedApplication app, DateTimeOffset start, bool isProven, string? summary, string? markdown)
    {
        var differences = Report.Differences(markdown);
        if (!isProven && differences.Length > 0 && Array.TrueForAll(differences, line => line.Contains("| answers | timed out | **differs**", StringComparison.Ordinal)))
        {
            Pace.Of(app.GetEndpoint("oathkeeper", OathkeeperResource.ProxyEndpointName)).SkipIfTooSlow(start, summary ?? "");
        }
    }

    private static async Task ReadyAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        using var client = app.CreateHttpClient("oathkeeper", OathkeeperResource.ProxyEndpointName);
        while (await client.StatusAsync("/api/health") != HttpStatusCode.OK)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        Pace.Of(client.BaseAddress!);
    }

    /// <summary>The API answers before the services do. Until they are up, the proof says so, and never that something is wrong.</summary>
    private static async Task<ReachabilityMatrix> ProveWhenUpAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await app.Services.GetRequiredService<IsolationProof>().ProveAsync(cancellationToken);
            }
            catch (ContainerEngineException exception)
            {
                Assert.Contains("Not up, or not yet: ", exception.Message, StringComparison.Ordinal);
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    private static async Task NothingOfItIsLeftAsync(ContainerEngine engine, CancellationToken cancellationToken) =>
        Assert.Equal("", await engine.RunAsync(["ps", "--all", "--quiet", "--filter", "name=isolation-proof-"], cancellationToken));

    private static async Task SkipWithoutContainersAsync(ContainerEngine engine, DistributedApplicationModel model, params string[] further)
    {
        try
        {
            await engine.EnsureUsableAsync(TestContext.Current.CancellationToken);
        }
        catch (ContainerEngineException exception)
        {
            Assert.Skip(exception.Message);
        }

        Assert.SkipUnless(engine.CanIsolate, NetworkLifecycle.WithoutIsolation(engine));
        var images =
            from container in model.GetContainerResources()
            where container.Annotations.OfType<NetworkAttachmentAnnotation>().Any()
            select container.TryGetContainerImageName(out var name) ? name : null;
        foreach (var image in images.OfType<string>().Concat(further).Distinct())
        {
            var found = await engine.TryRunAsync(["image", "inspect", "--format", "{{.Id}}", image], TestContext.Current.CancellationToken);
            Assert.SkipUnless(found.Succeeded, $"The image {image} is not here: docker pull {image}");
        }
    }
}
