using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using NovaId.Demo;
using NovaId.Emulator.Network;

namespace NovaId.Emulator.Seeding;

/// <summary>
/// Fills a new zone: the clients, on the private network as a bootstrap container does it; then, as the operator and through
/// the gateway, ranks, capabilities and one person a rank.
/// </summary>
internal sealed class ZoneSeed(PrivateNetwork network, Uri gateway, string folder, ZoneSecrets secrets, Uri demo)
{
    private const string Operator = "novaid-operator";

    private static readonly string[] Ranks = ["General", "Colonel", "Major", "Captain", "Lieutenant", "Sergeant", "Corporal", "Private"];

    public async Task<IReadOnlyList<SeededPerson>> RunAsync(bool people, string? password, CancellationToken cancellationToken)
    {
        var clients = await ReadAsync("hydra/clients.json", cancellationToken);
        await CreateClientsAsync(clients, cancellationToken);

        using var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(http, clients, cancellationToken));
        var tuples = await ReadAsync("keto/relation-tuples.json", cancellationToken);
        await PatchTuplesAsync(http, tuples.Select(tuple => tuple!), cancellationToken);
        if (!people)
        {
            return [];
        }

        var seeded = await Task.WhenAll(Ranks.Select(rank => CreatePersonAsync(http, rank, password ?? ZoneSecrets.Password(), cancellationToken)));
        await PatchTuplesAsync(
            http,
            seeded.Select(person => new JsonObject
            {
                ["namespace"] = "Rank",
                ["object"] = person.Rank,
                ["relation"] = "members",
                ["subject_id"] = person.Id.ToString(),
            }),
            cancellationToken);
        return seeded;
    }

    private static async Task<SeededPerson> CreatePersonAsync(HttpClient http, string rank, string password, CancellationToken cancellationToken)
    {
        var email = $"{rank.ToLowerInvariant()}@novaid.local";
        var identity = new JsonObject
        {
            ["schema_id"] = "person",
            ["state"] = "active",
            ["traits"] = new JsonObject { ["email"] = email, ["name"] = new JsonObject { ["first"] = rank, ["last"] = "Nova" } },
            ["credentials"] = new JsonObject
            {
                ["password"] = new JsonObject { ["config"] = new JsonObject { ["password"] = password } },
            },
        };
        var created = await SendAsync(http, HttpMethod.Post, "svc/kratos/admin/identities", identity, cancellationToken);
        return new SeededPerson(Guid.Parse(created!["id"]!.GetValue<string>()), rank, email, password);
    }

    private static Task<JsonNode?> PatchTuplesAsync(HttpClient http, IEnumerable<JsonNode> tuples, CancellationToken cancellationToken)
    {
        var changes = tuples.Select(tuple => (JsonNode)new JsonObject { ["action"] = "insert", ["relation_tuple"] = tuple.DeepClone() });
        return SendAsync(http, HttpMethod.Patch, "svc/keto/admin/relation-tuples", new JsonArray([.. changes]), cancellationToken);
    }

    private static async Task<JsonNode?> SendAsync(HttpClient http, HttpMethod method, string path, JsonNode body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? text.Length == 0 ? null : JsonNode.Parse(text)
            : throw new InvalidOperationException($"The zone could not be seeded: {method} {path} answered {(int)response.StatusCode}: {text}");
    }

    private async Task CreateClientsAsync(JsonArray clients, CancellationToken cancellationToken)
    {
        using var hydra = new HttpClient(network.CreateHandler()) { BaseAddress = new Uri("http://hydra:4445") };
        await Task.WhenAll(clients.Select(client =>
        {
            var body = Follow(client!).AsObject();
            body["client_secret"] = secrets.OfClient(body["client_id"]!.GetValue<string>());
            return SendAsync(hydra, HttpMethod.Post, "admin/clients", body, cancellationToken);
        }));
    }

    /// <summary>The client, with the demo's own addresses as they are in this zone.</summary>
    private JsonNode Follow(JsonNode node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create<string, JsonNode?>(member.Key, Follow(member.Value!)))),
        JsonArray items => new JsonArray([.. items.Select(item => Follow(item!))]),
        JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith(DemoApplication.DefaultAddress, StringComparison.Ordinal) =>
            demo.GetLeftPart(UriPartial.Authority) + text[DemoApplication.DefaultAddress.Length..],
        _ => node.DeepClone(),
    };

    private async Task<string> TokenAsync(HttpClient http, JsonArray clients, CancellationToken cancellationToken)
    {
        var self = clients.Single(client => client!["client_id"]!.GetValue<string>() == Operator)!;
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["scope"] = self["scope"]!.GetValue<string>(),
                ["audience"] = self["audience"]![0]!.GetValue<string>(),
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Operator}:{secrets.OperatorClient}")));
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!["access_token"]!.GetValue<string>()
            : throw new InvalidOperationException($"The zone could not be seeded: the operator got no token ({(int)response.StatusCode}).");
    }

    private async Task<JsonArray> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(Path.Combine(folder, name));
        return (await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken))!.AsArray();
    }
}
