using System.Diagnostics;
using NovaId.Contract;

namespace NovaId.Tests.Clients;

/// <summary>
/// <c>samples/KetoClient</c>: Ory's own .NET client through the gateway. Its package is not in every registry; where it is not, this is left out.
/// </summary>
public abstract class KetoClientContract(IZone zone) : ZoneContract(zone)
{
    private const string Scopes = "keto.check.single keto.tuples.list keto.tuples.patch";

    /// <summary>What a restore says of a package that is not there, that is not there in this version, and of a registry that does not answer.</summary>
    private static readonly string[] NotToBeHad = ["NU1101", "NU1102", "NU1301"];

    private static readonly Lazy<Task<string>> Sample = new(BuildAsync);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_grants_a_capability_sees_it_and_takes_it_away()
    {
        var (code, output, errors) = await RunAsync(Scopes);

        Assert.True(code == 0, errors);
        Assert.Equal(
            [
                "before the grant: allowed False, relation tuples 0",
                "granted: allowed True, relation tuples 1",
                "taken away: allowed False, relation tuples 0",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task Without_a_client_it_says_what_is_missing()
    {
        var (code, output, errors) = await RunAsync(await Sample.Value, []);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("NOVAID_CLIENT_ID", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_scope_it_gets_no_token()
    {
        var (code, _, errors) = await RunAsync("keto.check.single");

        Assert.Equal(1, code);
        Assert.Contains("There is no token", errors, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string scopes)
    {
        var sample = await Sample.Value;
        var client = await Operator.CreateClientAsync(scopes, "novaid-gateway", ["client_credentials"]);
        return await RunAsync(
            sample,
            new()
            {
                ["NOVAID_GATEWAY"] = Zone.Gateway.GetLeftPart(UriPartial.Authority),
                ["NOVAID_CLIENT_ID"] = client.Id,
                ["NOVAID_CLIENT_SECRET"] = client.Secret!,
            });
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string sample, Dictionary<string, string> environment)
    {
        var start = Prepare(sample);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return await ProcessRun.RunAsync(start, Cancelled);
    }

    private static async Task<string> BuildAsync()
    {
        var project = Path.Combine(Repository.Root, "samples", "KetoClient", "KetoClient.csproj");
        var (restored, output, errors) = await ProcessRun.RunAsync(Prepare("restore", project), Cancelled);
        Assert.SkipWhen(
            restored != 0 && Array.Exists(NotToBeHad, code => $"{output}{errors}".Contains(code, StringComparison.Ordinal)),
            "Ory.Keto.Client, or a package that it needs, cannot be had from this registry.");
        Assert.True(restored == 0, $"{output}{errors}");

        var folder = Directory.CreateTempSubdirectory("novaid-keto-client-").FullName;
        var (built, text, _) = await ProcessRun.RunAsync(Prepare("build", project, "--no-restore", "--output", folder), Cancelled);
        Assert.True(built == 0, text);
        return Path.Combine(folder, "KetoClient.dll");
    }

    private static ProcessStartInfo Prepare(params string[] arguments) =>
        new("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
}
