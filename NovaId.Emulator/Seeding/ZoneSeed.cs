using System.Text;
using System.Text.Json.Nodes;
using NovaId.Demo;
using NovaId.Emulator.Network;
using NovaId.Operator;

namespace NovaId.Emulator.Seeding;

/// <summary>
/// Fills a new zone: the clients, on the private network as a bootstrap container does it; then, as the operator and through
/// the gateway, ranks, capabilities and one person a rank.
/// </summary>
internal sealed class ZoneSeed(PrivateNetwork network, Uri gateway, Uri address, string folder, ZoneSecrets secrets, Uri demo)
{
    private static readonly string[] Ranks = ["General", "Colonel", "Major", "Captain", "Lieutenant", "Sergeant", "Corporal", "Private"];

    public async Task<IReadOnlyList<SeededPerson>> RunAsync(bool people, string? password, CancellationToken cancellationToken)
    {
        await CreateClientsAsync(cancellationToken);
        using var client = new OperatorClient(gateway, OperatorAccount.WithKey(secrets.OperatorKey, zone: address));
        await client.ChangeAsync(ZoneConfiguration.Read(folder).Tuples, [], cancellationToken);
        if (!people)
        {
            return [];
        }

        var seeded = await Task.WhenAll(Ranks.Select(rank => CreatePersonAsync(client, rank, password ?? ZoneSecrets.Password(), cancellationToken)));
        await client.ChangeAsync([.. seeded.Select(person => RelationTuple.OfSubject("Rank", person.Rank, "members", person.Id.ToString()))], [], cancellationToken);
        return seeded;
    }

    private static async Task<SeededPerson> CreatePersonAsync(OperatorClient client, string rank, string password, CancellationToken cancellationToken)
    {
        var email = $"{rank.ToLowerInvariant()}@novaid.local";
        var id = await client.CreatePersonAsync(new(email, rank, "Nova") { Password = password }, cancellationToken);
        return new SeededPerson(Guid.Parse(id), rank, email, password);
    }

    private async Task CreateClientsAsync(CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(Path.Combine(folder, "hydra/clients.json"));
        var clients = (await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken))!.AsArray();
        using var hydra = new HttpClient(network.CreateHandler()) { BaseAddress = new Uri("http://hydra:4445") };
        await Task.WhenAll(clients.Select(async client =>
        {
            var body = Follow(client!).AsObject();
            var id = body["client_id"]!.GetValue<string>();
            secrets.Register(body);
            using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await hydra.PostAsync("admin/clients", content, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"The client {id} of hydra/clients.json could not be made: Hydra answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }
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
}
