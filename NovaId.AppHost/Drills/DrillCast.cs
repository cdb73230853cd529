using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NovaId.Operator;

namespace NovaId.AppHost.Drills;

/// <summary>People and programs of every kind, made for one drill and removed after it.</summary>
internal sealed class DrillCast(OperatorClient client, ZoneConfiguration zone, HttpClient http)
{
    private const string Capability = "users.view";
    private const string People = "/api/users?pageSize=1";
    private const string Self = "/api/me";
    private const string Kratos = "/.ory/kratos/public/self-service";

    /// <summary>Only the operator can write it, so nobody is removed who registered under one of the addresses.</summary>
    private const string Mark = "drill";
    private const string KeyName = "NovaId drill";

    /// <summary>Makes them all.</summary>
    /// <exception cref="OperatorException">The zone refused.</exception>
    public async Task<IReadOnlyList<DrillCaller>> GatherAsync(CancellationToken cancellationToken)
    {
        var highest = zone.Ranks[0];
        var (officer, officerSession) = await EnlistAsync("officer", highest, cancellationToken);
        var (_, newcomerSession) = await EnlistAsync("newcomer", null, cancellationToken);
        var (deserter, deserterSession) = await EnlistAsync("deserter", highest, cancellationToken);
        await client.SetActiveAsync(deserter, false, cancellationToken);
        var (_, granted) = await NewKeyAsync(officer, [Capability], cancellationToken);
        var (_, bare) = await NewKeyAsync(officer, [], cancellationToken);
        var (gone, revoked) = await NewKeyAsync(officer, [Capability], cancellationToken);
        await client.DeleteKeyAsync(gone, cancellationToken);
        return
        [
            new("a stranger", "/api/public", 200),
            new("a stranger", Self, 401),
            new($"a {highest}, by session", People, 200, officerSession),
            new("somebody without a rank, by session", Self, 200, newcomerSession),
            new("somebody without a rank, by session", People, 403, newcomerSession),
            new($"a {highest} who was deactivated, by session", People, 401, deserterSession),
            new($"a program with the capability {Capability}", People, 200, granted),
            new("a program without a capability", People, 403, bare),
            new("a program whose key was revoked", People, 401, revoked),
        ];
    }

    /// <summary>Removes them all, those too of a drill that was killed.</summary>
    /// <exception cref="OperatorException">The zone refused.</exception>
    public static async Task DismissAsync(OperatorClient client, CancellationToken cancellationToken)
    {
        foreach (var key in await client.ListKeysByNameAsync(KeyName, cancellationToken))
        {
            await client.DeleteKeyAsync(key.Id, cancellationToken);
        }

        foreach (var name in (string[])["officer", "newcomer", "deserter"])
        {
            if (await client.FindOrNullAsync(AddressOf(name), cancellationToken) is { } person && person.IsMarked(Mark))
            {
                await client.SetRankAsync(person.Id, null, cancellationToken);
                await client.DeletePersonAsync(person.Id, cancellationToken);
            }
        }
    }

    private static string AddressOf(string name) => $"drill-{name}@novaid.local";

    private async Task<(string Id, (string Name, string Value) Session)> EnlistAsync(string name, string? rank, CancellationToken cancellationToken)
    {
        var address = AddressOf(name);
        if (await client.FindOrNullAsync(address, cancellationToken) is not null)
        {
            throw new OperatorException($"{address} is registered by somebody else, and a drill needs it. Remove that account, or change its address.");
        }

        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        var id = await client.CreatePersonAsync(new(address, name, "of a drill") { Password = password, Mark = Mark }, cancellationToken);
        if (rank is not null)
        {
            await client.SetRankAsync(id, rank, cancellationToken);
        }

        var flow = await ReadAsync(new(HttpMethod.Get, $"{Kratos}/login/api"), cancellationToken);
        var form = new JsonObject { ["method"] = "password", ["identifier"] = address, ["password"] = password };
        var session = await ReadAsync(
            new(HttpMethod.Post, $"{Kratos}/login?flow={Uri.EscapeDataString(flow["id"]!.GetValue<string>())}") { Content = JsonContent.Create(form) }, cancellationToken);
        return (id, ("X-Session-Token", session["session_token"]!.GetValue<string>()));
    }

    private async Task<(string Id, (string Name, string Value) Token)> NewKeyAsync(string owner, string[] capabilities, CancellationToken cancellationToken)
    {
        var (id, secret) = await client.CreateKeyAsync(owner, KeyName, ["novaid.read"], capabilities, cancellationToken);
        var request = new HttpRequestMessage(HttpMethod.Post, "/oauth2/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["scope"] = "novaid.read",
                ["audience"] = "novaid-api",
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        return (id, ("Authorization", $"Bearer {(await ReadAsync(request, cancellationToken))["access_token"]!.GetValue<string>()}"));
    }

    private async Task<JsonNode> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            using var response = await SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!
                : throw new OperatorException($"The gateway answered {(int)response.StatusCode} to {request.Method} {new Uri(http.BaseAddress!, request.RequestUri!).AbsolutePath}. Wait until the zone is healthy, and try again.");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new OperatorException($"The gateway does not answer at {http.BaseAddress}. Wait until the zone is healthy, and try again.", exception);
        }
    }
}
