using System.Diagnostics;
using System.Text.Json.Nodes;

namespace NovaId.AppHost.Tests.Libraries;

/// <summary>What makes the clients at Hydra at each start: a program of the shell, with another in Hydra's place that says which client there is and
/// keeps what it is told.</summary>
public sealed class ClientsScriptTests : IDisposable
{
    private const string MadeFile = "/tmp/clients.json";

    private readonly string _folder = Directory.CreateTempSubdirectory("novaid-clients-").FullName;
    private readonly string _first = GeneratedClientKey.PublicSetOf(ClientKey.Generate()).ToJsonString();
    private readonly string _second = GeneratedClientKey.PublicSetOf(ClientKey.Generate()).ToJsonString();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_client_that_is_not_there_gets_the_given_key_and_one_with_a_secret_its_secret()
    {
        var made = await MakeAsync(known: null, given: _first);

        Assert.Equal(JsonNode.Parse(_first)!.ToJsonString(), made["novaid-api"]["jwks"]!.ToJsonString());
        Assert.Null(made["novaid-api"]["client_secret"]);
        Assert.Equal("private_key_jwt", made["novaid-api"]["token_endpoint_auth_method"]!.GetValue<string>());
        Assert.Equal("ES256", made["novaid-api"]["token_endpoint_auth_signing_alg"]!.GetValue<string>());
        Assert.Equal("the-secret-of-the-demo", made["demo"]["client_secret"]!.GetValue<string>());
        Assert.Null(made["demo"]["jwks"]);
        Assert.Equal(["get novaid-api", "delete novaid-api novaid-operator novaid-accounts demo", "import"], await CallsAsync());
    }

    [Fact]
    public async Task A_client_whose_key_is_being_changed_keeps_both_keys_whichever_is_given()
    {
        var both = Together(_second, _first);

        Assert.Equal(both, (await MakeAsync(both, given: _first))["novaid-api"]["jwks"]!.ToJsonString());
        Assert.Equal(both, (await MakeAsync(both, given: _second))["novaid-api"]["jwks"]!.ToJsonString());
    }

    [Fact]
    public async Task A_client_whose_key_was_changed_keeps_the_new_one()
    {
        Assert.Equal(_second, (await MakeAsync(_second, given: _second))["novaid-api"]["jwks"]!.ToJsonString());
    }

    [Fact]
    public async Task A_client_without_the_given_key_gets_it_alone()
    {
        var both = Together(_second, _first);
        var third = GeneratedClientKey.PublicSetOf(ClientKey.Generate()).ToJsonString();

        Assert.Equal(_second, (await MakeAsync(_first, given: _second))["novaid-api"]["jwks"]!.ToJsonString());
        Assert.Equal(third, (await MakeAsync(both, given: third))["novaid-api"]["jwks"]!.ToJsonString());
        // Half of what is given is not what is given.
        Assert.Equal(both, (await MakeAsync(_first, given: both))["novaid-api"]["jwks"]!.ToJsonString());
    }

    [Fact]
    public async Task A_client_that_had_a_secret_gets_the_key_in_its_place()
    {
        var made = await MakeAsync(known: "{}", given: _first);

        Assert.Equal(_first, made["novaid-api"]["jwks"]!.ToJsonString());
    }

    private static string Together(params string[] sets) =>
        new JsonObject { ["keys"] = new JsonArray([.. sets.Select(set => JsonNode.Parse(set)!["keys"]![0]!.DeepClone())]) }.ToJsonString();

    /// <summary>Runs it.</summary>
    /// <param name="known">The keys of the client at Hydra; null where there is no client.</param>
    /// <param name="given">The keys that it is given.</param>
    private async Task<Dictionary<string, JsonObject>> MakeAsync(string? known, string given)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It is a program of the shell.");
        // As Hydra's own client writes it, which is not how it was told.
        var client = known is null ? "" : new JsonObject { ["client_id"] = "novaid-api", ["client_name"] = "NovaId [API]", ["jwks"] = JsonNode.Parse(known), ["scope"] = "a b" }.ToJsonString();
        await File.WriteAllTextAsync(Path.Combine(_folder, "known"), client.Replace(",", ", ", StringComparison.Ordinal) + "\n", TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(_folder, "calls"));
        await WriteProgramAsync("wget", "exit 0");
        await WriteProgramAsync("hydra", $$"""
            cd '{{_folder}}'
            what=$1
            shift 2
            case $what in
              get) echo "get $1" >> calls; [ -s known ] && grep -q client_id known && cat known ;;
              delete) echo "delete $*" >> calls ;;
              import) echo import >> calls; cat "$1" > made ;;
            esac
            """);
        var script = HydraBuilderExtensions.MakeClients.Replace(MadeFile, Path.Combine(_folder, "clients.json"), StringComparison.Ordinal);
        var start = new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["ORY_SDK_URL"] = "http://hydra:4445";
        start.Environment["CLIENTS_FILE"] = Path.GetFullPath(Path.Combine(Projects.NovaId_AppHost.ProjectPath, "..", "ory-config", "hydra", "clients.json"));
        start.Environment["NOVAID_API_JWKS"] = given;
        start.Environment["DEMO_SECRET"] = "the-secret-of-the-demo";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, errors);
        Assert.Equal("Waiting for Hydra.\n", await output);
        Assert.Equal("", errors);
        return JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "made"), TestContext.Current.CancellationToken))!.AsArray()
            .ToDictionary(made => made!["client_id"]!.GetValue<string>(), made => made!.AsObject());
    }

    private async Task WriteProgramAsync(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, $"#!/bin/sh\n{text}\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private Task<string[]> CallsAsync() => File.ReadAllLinesAsync(Path.Combine(_folder, "calls"), TestContext.Current.CancellationToken);
}
