using System.Text.Json.Nodes;
using NovaId.AppHost.Tests.Contract;
using NovaId.AppHost.Tests.Zones;
using NovaId.Contract;
using NovaId.Contract.Drivers;

namespace NovaId.AppHost.Tests.Publishing;

/// <summary>What is published, started as its page says.</summary>
[Collection<OnPublished.Composed>]
public sealed class ComposedZoneTests(ComposedZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task It_is_seeded_and_its_first_General_comes_in_with_a_code_of_the_operator()
    {
        var recovery = JsonNode.Parse(await OperatorAsync("recover", ComposedZone.FirstGeneral, "--output", "json"))!;
        var browser = NewBrowser();
        var flow = Browser.Query(new Uri(recovery["link"]!.GetValue<string>()), "flow");
        (await browser.PostFormAsync($"{KratosFlows.Root}/self-service/recovery?flow={flow}", ("method", "code"), ("code", recovery["code"]!.GetValue<string>()))).Expect(303);

        var me = (await browser.GetAsync("/api/me")).Expect(200);

        Assert.Equal("General", me["rank"].GetString());
        Assert.Equal(ComposedZone.FirstGeneral, me["email"].GetString());
    }

    [Fact]
    public async Task Seeding_it_again_changes_nothing() =>
        Assert.False(JsonNode.Parse(await OperatorAsync("seed", "--output", "json"))!["changed"]!.GetValue<bool>());

    [Theory]
    [InlineData("edge", "oathkeeper", 4455, true)]
    [InlineData("edge", "kratos", 4433, false)]
    [InlineData("edge", "keto", 4466, false)]
    [InlineData("edge", "postgres", 5432, false)]
    [InlineData("edge-accounts", "api", 8080, false)]
    [InlineData("edge-operator", "hydra", 4445, false)]
    [InlineData("private", "kratos", 4433, true)]
    [InlineData("private", "api", 8080, false)]
    public async Task Who_stands_on_a_network_reaches_what_is_on_it_and_nothing_else(string network, string host, int port, bool isReached)
    {
        var (code, output) = await Docker.RunAsync(
            "run", "--rm", "--network", ((ComposedZone)Zone).NetworkOf(network), "busybox:1.37", "nc", "-z", "-w", "3", host, $"{port}");

        Assert.True((code == 0) == isReached, $"exit code {code}. {output}");
    }

    private async Task<string> OperatorAsync(params string[] arguments)
    {
        var (code, output) = await ((ComposedZone)Zone).ComposeAsync(["run", "--rm", "--no-deps", "operator", .. arguments]);
        Assert.True(code == 0, output);
        return output[output.IndexOf('{', StringComparison.Ordinal)..];
    }
}
