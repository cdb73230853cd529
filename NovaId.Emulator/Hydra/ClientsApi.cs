using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>The administration of clients: /admin/clients.</summary>
internal sealed class ClientsApi(
    HydraSettings settings,
    ClientStore clients,
    TokenStore tokens,
    SessionStore sessions,
    DeviceStore devices,
    OpaqueTokenFactory factory,
    ClientSecretHasher hasher,
    PageTokens pageTokens,
    TimeProvider time)
{
    private const int GeneratedSecretLength = 26;
    private const string SecretAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890_-.~";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapApi(HttpMethods.Get, "/admin/clients", ListAsync);
        endpoints.MapApi(HttpMethods.Post, "/admin/clients", CreateAsync);
        endpoints.MapApi(HttpMethods.Get, "/admin/clients/{id}", http => http.WriteJsonAsync(clients.Get(Id(http)).ToJson()));
        endpoints.MapApi(HttpMethods.Put, "/admin/clients/{id}", ReplaceAsync);
        endpoints.MapApi(HttpMethods.Put, "/admin/clients/{id}/lifespans", SetLifespansAsync);
        endpoints.MapApi(HttpMethods.Delete, "/admin/clients/{id}", DeleteAsync);
        endpoints.MapNotImplemented(HttpMethods.Patch, "/admin/clients/{id}");
    }

    private async Task ListAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var size = PageTokens.ReadSize(query["page_size"]);
        StoredText.Require(query["client_name"].ToString());
        StoredText.Require(query["owner"].ToString());
        var page = clients.List(pageTokens.Read(query["page_token"]), query["client_name"].ToString(), query["owner"].ToString(), size + 1);
        pageTokens.WriteLinks(http, size, page.Count > size ? page[size - 1].Id : null);
        await http.WriteJsonAsync(new JsonArray([.. page.Take(size).Select(client => client.ToJson())]));
    }

    private async Task CreateAsync(HttpContext http)
    {
        var (metadata, secret) = await ReadAsync(http);
        secret = secret.Length > 0 ? secret : RandomNumberGenerator.GetString(SecretAlphabet, GeneratedSecretLength);
        ClientMetadata.Validate(metadata, secret, settings);
        var chosen = metadata["client_id"]!.GetValue<string>();
        var now = Now();
        var client = new OAuth2Client(chosen.Length > 0 ? chosen : Guid.NewGuid().ToString(), hasher.Hash(secret), metadata, now, now);
        if (!clients.TryAdd(client))
        {
            throw OAuth2Error.Conflict.AsException();
        }

        var answer = client.ToJson(asRegistered: true);
        if (!client.IsPublic)
        {
            answer["client_secret"] = secret;
        }

        // Dynamic registration is off, so this token opens nothing; the real one is given out all the same.
        answer["registration_access_token"] = factory.Create(OpaqueTokenFactory.AccessToken).Token;
        answer["registration_client_uri"] = Urls.Append(
            settings.PublicUrl,
            chosen.Length > 0 ? $"/oauth2/register/{Uri.EscapeDataString(chosen)}" : "/oauth2/register");
        http.Response.Headers.Location = $"/admin/clients/{Uri.EscapeDataString(client.Id)}";
        await http.WriteJsonAsync(answer, StatusCodes.Status201Created);
    }

    private async Task ReplaceAsync(HttpContext http)
    {
        var (metadata, secret) = await ReadAsync(http);
        ClientMetadata.Validate(metadata, secret, settings);
        var client = Update(Id(http), metadata, secret);
        var answer = client.ToJson(asRegistered: true);
        if (secret.Length > 0)
        {
            answer["client_secret"] = secret;
        }

        await http.WriteJsonAsync(answer);
    }

    private async Task SetLifespansAsync(HttpContext http)
    {
        var id = Id(http);
        var metadata = clients.Get(id).CopyMetadata();
        var lifespans = await http.ReadBodyAsync(
            body => ClientMetadata.Lifespans.Select(name => (Name: name, Value: body.Duration(name))).ToArray(),
            Undecodable);
        foreach (var (name, value) in lifespans)
        {
            metadata[name] = value is { } lifespan ? GoDuration.Format(lifespan) : null;
        }

        await http.WriteJsonAsync(Update(id, metadata, "").ToJson());
    }

    private Task DeleteAsync(HttpContext http)
    {
        var id = Id(http);
        if (!clients.TryRemove(id))
        {
            throw OAuth2Error.ResourceNotFound.AsException();
        }

        // What was issued to a client is worth nothing without it, and must not come back to life with a client of the same name.
        tokens.RemoveClient(id);
        sessions.RemoveConsents(flow => flow.Client!.Id == id);
        devices.RemoveClient(id);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private OAuth2Client Update(string id, JsonObject metadata, string secret)
    {
        while (true)
        {
            var old = clients.Get(id);
            var client = new OAuth2Client(id, secret.Length > 0 ? hasher.Hash(secret) : old.SecretHash, metadata, old.CreatedAt, Now());
            if (clients.TryReplace(old, client))
            {
                return client;
            }
        }
    }

    private static Task<(JsonObject Metadata, string Secret)> ReadAsync(HttpContext http) =>
        http.ReadBodyAsync(body => (ClientMetadata.Parse(body), body.Text("client_secret")), Undecodable);

    private static OAuth2Error Undecodable(string problem) =>
        OAuth2Error.BadRequest with { Description = $"Unable to decode the request body: {problem}" };

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().AddMilliseconds(500).ToUnixTimeSeconds());

    private static string Id(HttpContext http) => Convert.ToString(http.Request.RouteValues["id"], CultureInfo.InvariantCulture)!;
}
