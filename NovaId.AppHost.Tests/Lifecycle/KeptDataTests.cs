using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using NovaId.AppHost.Operator;
using NovaId.AppHost.Tests.Zones;
using NovaId.Contract.Drivers;

namespace NovaId.AppHost.Tests.Lifecycle;

[Collection<OwnZone>]
public sealed class KeptDataTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_first_General_is_made_once_and_a_second_start_keeps_everybody()
    {
        var name = $"novaid-test-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var settings = new Dictionary<string, string>
        {
            ["Zone:KeepData"] = "true",
            ["Zone:Name"] = name,
        };
        // Everything that is kept would be kept in the user's own secrets, so the test gives it.
        foreach (var secret in (string[])[
            "postgres-password", "kratos-database-password", "keto-database-password", "hydra-database-password", "kratos-default-secret",
            "kratos-cookie-secret", "kratos-cipher-secret", "kratos-pagination-secret", "keto-pagination-secret", "hydra-system-secret",
            "hydra-cookie-secret", "hydra-pagination-secret", "demo-client-secret"])
        {
            settings[$"Parameters:{secret}"] = RandomNumberGenerator.GetHexString(32, lowercase: true);
        }

        settings["Parameters:signing-key"] = SigningKey.Generate();
        settings["Parameters:api-client-key"] = Aspire.Hosting.Ory.ClientKey.Generate();
        settings["Parameters:accounts-client-key"] = Aspire.Hosting.Ory.ClientKey.Generate();
        try
        {
            string id;
            string[] networks;
            await using (var first = new ContainerZone(settings))
            {
                await first.EnsureReadyAsync();
                id = await LoginAsync(first, await PasswordAsync(first) ?? throw new InvalidOperationException("No General was made."));
                networks = NetworksOf(first);
                Assert.Equal(2, (await LeftOfAsync(networks)).Intersect(networks).Count());
            }

            // It was stopped as with Ctrl+C: nothing of it is left but the volume.
            Assert.DoesNotContain(await LeftOfAsync(networks), name => networks.Contains(name) || name.EndsWith(networks[1].Split('-')[^1], StringComparison.Ordinal));

            await using var second = new ContainerZone(settings);
            await second.EnsureReadyAsync();
            Assert.Null(await PasswordAsync(second));
            Assert.Equal([id], await MembersAsync(second, "General"));
        }
        finally
        {
            await Docker.OutputAsync("volume", "rm", $"{name}-postgres");
            var kept = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "NovaId", $"{name}-api");
            if (Directory.Exists(kept))
            {
                Directory.Delete(kept, recursive: true);
            }
        }
    }

    private static async Task<string> LoginAsync(ContainerZone zone, string password)
    {
        var tools = ZoneTools.For(zone);
        var session = (await tools.Kratos.LoginAsync("general@novaid.local", password)).Expect(200);
        var me = (await tools.Anonymous.WithSessionToken(session["session_token"].GetString()!).GetAsync("/api/me")).Expect(200);
        Assert.Equal("General", me["rank"].GetString());
        return me["id"].GetString()!;
    }

    private static async Task<IReadOnlyList<string>> MembersAsync(ContainerZone zone, string rank)
    {
        var reply = await (await ZoneTools.For(zone).NewOperator().CallerAsync()).GetAsync($"/svc/keto/relation-tuples?namespace=Rank&object={rank}&relation=members");
        return [.. reply.Expect(200)["relation_tuples"].EnumerateArray().Select(tuple => tuple.GetProperty("subject_id").GetString()!)];
    }

    private static async Task<string?> PasswordAsync(ContainerZone zone)
    {
        using var patience = NewPatience();
        var change = await zone.Application.ResourceNotifications.WaitForResourceAsync(
            "operator", change => change.Snapshot.State?.Text == KnownResourceStates.Running, patience.Token);
        var property = change.Snapshot.Properties.SingleOrDefault(property => property.Name.StartsWith("Password", StringComparison.Ordinal));
        Assert.True(property is null or { IsSensitive: true, IsHighlighted: true });
        Assert.IsType<OperatorResource>(change.Resource);
        return (string?)property?.Value;
    }

    private static string[] NetworksOf(ContainerZone zone) =>
        [.. zone.Application.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<ContainerNetworkResource>().Select(network => network.EngineName)];

    /// <summary>The networks there are, and the containers on these.</summary>
    private static async Task<string[]> LeftOfAsync(string[] networks)
    {
        string[] filters = [.. networks.SelectMany(network => (string[])["--filter", $"network={network}"])];
        var containers = await Docker.OutputAsync(["ps", "--all", .. filters, "--format", "{{.Names}}"]);
        var existing = await Docker.OutputAsync("network", "ls", "--format", "{{.Name}}");
        return [.. containers.Split('\n', StringSplitOptions.RemoveEmptyEntries), .. existing.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static CancellationTokenSource NewPatience()
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        return patience;
    }
}
