using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using NJsonSchema.CodeGeneration.CSharp;
using NovaId.Contract;
using NovaId.Contract.Drivers;
using NovaId.Tests.Zones;
using NSwag.CodeGeneration.CSharp;

namespace NovaId.Tests.Clients;

/// <summary>
/// Clients that others' programs make of the OpenAPI document: they compile, and run the README's story. What was generated is never kept.
/// </summary>
public sealed class GeneratedClientTests(EmulatorZone zone) : ZoneContract(zone)
{
    private const string ClientNamespace = "NovaId.Client";
    private const string ClientClass = "NovaIdClient";

    private const string EnumerationsAsText = $$"""
        namespace {{ClientNamespace}};

        public partial class {{ClientClass}}
        {
            static partial void UpdateJsonSerializerSettings(System.Text.Json.JsonSerializerOptions settings) =>
                settings.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter());
        }
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kiota_makes_a_client_that_runs_the_story()
    {
        var folder = NewFolder();
        var document = Path.Combine(folder, "openapi.json");
        await File.WriteAllTextAsync(document, await DocumentAsync(), Cancelled);
        var kiota = typeof(GeneratedClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "Kiota").Value!;
        await RunAsync(
            folder,
            "dotnet",
            kiota,
            "generate",
            "--language",
            "CSharp",
            "--openapi",
            document,
            "--output",
            Path.Combine(folder, "client"),
            "--class-name",
            ClientClass,
            "--namespace-name",
            ClientNamespace,
            "--exclude-backward-compatible");

        var sources = Directory.EnumerateFiles(Path.Combine(folder, "client"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText);
        await AssertStoryAsync(StoryProgram.Compile("KiotaStory.cs", sources));
    }

    [Theory]
    [InlineData(CSharpJsonLibrary.NewtonsoftJson)]
    [InlineData(CSharpJsonLibrary.SystemTextJson)]
    public async Task NSwag_makes_a_client_that_runs_the_story(CSharpJsonLibrary library)
    {
        var document = await NSwag.OpenApiDocument.FromJsonAsync(await DocumentAsync(), Cancelled);
        var generator = new CSharpClientGenerator(document, new CSharpClientGeneratorSettings
        {
            ClassName = ClientClass,
            UseBaseUrl = false,
            GenerateOptionalParameters = true,
            CSharpGeneratorSettings =
            {
                Namespace = ClientNamespace,
                JsonLibrary = library,
                // From version 9 on System.Text.Json knows names of enumeration members that are no names in C#.
                JsonLibraryVersion = 9,
                GenerateNullableReferenceTypes = true,
                GenerateOptionalPropertiesAsNullable = true,
            },
        });

        // For System.Text.Json NSwag leaves the items of a list of enumerations without a converter, and the place to say so.
        string[] converter = library == CSharpJsonLibrary.SystemTextJson ? [EnumerationsAsText] : [];
        await AssertStoryAsync(StoryProgram.Compile("NSwagStory.cs", [generator.GenerateFile(), .. converter]));
    }

    [Fact]
    public async Task Openapi_typescript_makes_types_with_which_the_story_runs()
    {
        var folder = await InstallAsync();
        await RunAsync(folder, "node", "node_modules/openapi-typescript/bin/cli.js", "openapi.json", "--output", "api.d.ts");
        await RunAsync(folder, "node", "node_modules/typescript/bin/tsc", "--project", ".");

        await AssertStoryAsync(async (gateway, token) =>
            JsonSerializer.Deserialize<Dictionary<string, string>>(await RunAsync(folder, "node", "out/story.js", gateway, token))!);
    }

    [Fact]
    public async Task Redocly_finds_no_error_in_the_document()
    {
        var folder = await InstallAsync();

        var report = await RunAsync(folder, "node", "node_modules/@redocly/cli/bin/cli.js", "lint", "--format", "json", "openapi.json");

        var problems = JsonDocument.Parse(report[report.IndexOf('{', StringComparison.Ordinal)..]).RootElement;
        Assert.Equal(0, problems.GetProperty("totals").GetProperty("errors").GetInt32());
    }

    private async Task<string> DocumentAsync() => (await Anonymous.GetAsync("/api/openapi.json")).Expect(200).Body;

    private async Task AssertStoryAsync(Func<string, string, Task<Dictionary<string, string>>> story)
    {
        // Two at least, so that a page of one is not the last.
        await SharedPersonAsync();
        var person = await NewPersonAsync("Sergeant");

        var told = await story(Zone.Gateway.GetLeftPart(UriPartial.Authority), person.Session.Token);

        var key = told["key"].Split(' ');
        var keyCaller = Anonymous.WithBearer(await OAuth2.AccessTokenAsync(new OAuth2Client(key[0], key[1]), "novaid.read"));
        (await keyCaller.GetAsync("/api/users")).Expect(200);
        Assert.Equal("client_secret_basic", Spelled(key[2]));
        Assert.Equal($"{person.Id} person Sergeant active session", told["me"], ignoreCase: true);
        Assert.Equal("1 true", told["users"], ignoreCase: true);
        Assert.Equal("true", told["check"], ignoreCase: true);
        Assert.Equal("Plan 😀", told["document"]);
        Assert.Equal("0 0 ", told["shared with nobody"]);
        Assert.Equal("Major Colonel", told["shared"]);
        Assert.StartsWith("412  It is not the version", told["another version"], StringComparison.Ordinal);
        Assert.EndsWith("| This has changed in the meantime.", told["another version"], StringComparison.Ordinal);
        Assert.Equal("users.view", Spelled(told["keys"]), ignoreCase: true);
        Assert.Equal(
            "403 capability logs.view This needs: capability logs.view. | You may not do this.",
            told["not allowed"]);
        Assert.Equal("400  title must have 1 to 200 characters. | The request is not well formed.", told["too long"]);
    }

    /// <summary>The value behind the name that a generator made of it.</summary>
    private static string Spelled(string name) => name.ToUpperInvariant() switch
    {
        "CLIENT_SECRET_BASIC" => "client_secret_basic",
        "USERSVIEW" or "USERS_VIEW" => "users.view",
        _ => name,
    };

    private static string NewFolder() => Directory.CreateTempSubdirectory("novaid-client-").FullName;

    /// <summary>A folder with the document and the tools of package.json; skips the test where they cannot be had.</summary>
    private async Task<string> InstallAsync()
    {
        var folder = NewFolder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Clients", "TypeScript")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        try
        {
            await RunAsync(folder, "npm", "ci", "--omit=optional", "--prefer-offline");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            Assert.Skip($"node and the npm registry are needed for this: {e.Message}");
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), await DocumentAsync(), Cancelled);
        return folder;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KIOTA_OFFLINE_ENABLED"] = "true", ["KIOTA_TUTORIAL_ENABLED"] = "false", ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" },
        };
        var (code, output, errors) = await ProcessRun.RunAsync(start, Cancelled);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output}{errors}");
    }
}
