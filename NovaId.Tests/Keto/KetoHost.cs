using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Keto;
using NovaId.Emulator.Network;

namespace NovaId.Tests.Keto;

/// <summary>The emulator's Keto on a private network of its own, from a copy of ory-config that a test may change first.</summary>
internal sealed class KetoHost : IAsyncDisposable
{
    public const string Read = "http://keto:4466";
    public const string Write = "http://keto:4467/admin/relation-tuples";

    private readonly string _folder;
    private readonly PrivateNetwork _network = new();
    private KetoService? _service;

    private KetoHost()
    {
        _folder = Directory.CreateTempSubdirectory("novaid-keto-").FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "keto"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(OryConfig, "keto")))
        {
            File.Copy(file, Path.Combine(_folder, "keto", Path.GetFileName(file)));
        }

        Client = new HttpClient(_network.CreateHandler());
    }

    public static string OryConfig { get; } = Path.Combine(AppContext.BaseDirectory, "ory-config");

    public static string SeedTuples { get; } = File.ReadAllText(Path.Combine(OryConfig, "keto", "relation-tuples.json"));

    public HttpClient Client { get; }

    public FakeTimeProvider Time { get; } = new();

    public Dictionary<string, string> Environment { get; } = new() { ["SECRETS_PAGINATION"] = "pagination-secret-of-a-test" };

    public string ConfigurationFile => Path.Combine(_folder, "keto", "keto.yml");

    public string NamespacesFile => Path.Combine(_folder, "keto", "namespaces.keto.ts");

    /// <summary>A host that is not started yet.</summary>
    public static KetoHost Prepare(string? opl = null)
    {
        var host = new KetoHost();
        if (opl is not null)
        {
            File.WriteAllText(host.NamespacesFile, opl);
        }

        return host;
    }

    public static async Task<KetoHost> StartAsync(string? opl = null)
    {
        var host = Prepare(opl);
        await host.StartAsync();
        return host;
    }

    public void EditConfiguration(string from, string to)
    {
        var text = File.ReadAllText(ConfigurationFile);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(ConfigurationFile, text.Replace(from, to));
    }

    public KetoService Create() => _service = KetoService.Create(new ServiceContext(_folder, Environment, _network, Time, NullLoggerFactory.Instance));

    public Task StartAsync() => Create().StartAsync(TestContext.Current.CancellationToken);

    /// <summary>Writes tuples in the notation <c>Rank:General#members@alice</c>, or <c>…@Rank:Major#members</c>.</summary>
    public async Task InsertAsync(params IEnumerable<string> tuples)
    {
        var patch = new JsonArray([.. tuples.Select(tuple => new JsonObject { ["action"] = "insert", ["relation_tuple"] = Tuples.Json(tuple) })]);
        using var response = await Client.PatchAsJsonAsync(Write, patch, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public async Task<(int Status, JsonNode? Body)> SendAsync(HttpMethod method, string address, string? body = null)
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    /// <summary>The tuples that a query finds, in the same notation.</summary>
    public async Task<string[]> ListAsync(string query)
    {
        var (_, body) = await SendAsync(HttpMethod.Get, $"{Read}/relation-tuples?{query}");
        return [.. body!["relation_tuples"]!.AsArray().Select(tuple => Tuples.Text(tuple!))];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
