using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>The administration of OAuth2 clients (/admin/clients).</summary>
internal sealed class AdminClientEndpoints(HydraSettings settings, ClientStore clients, ClientSecretHasher hasher, TokenStore tokens, SessionStore sessions, TimeProvider time)
{
    private const string Path = "/admin/clients";
    private const int DefaultPageSize = 250;
    private const int LargestPageSize = 500;
    private const int SecretLength = 26;

    private readonly byte[] _pageKey = SHA256.HashData(Encoding.UTF8.GetBytes(settings.PaginationSecret));

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, ListAsync);
        endpoints.MapPost(Path, CreateAsync);
        endpoints.MapGet($"{Path}/{{id}}", (HttpContext http, string id) => http.WriteJsonAsync(clients.Get(id).ToJson()));
        endpoints.MapPut($"{Path}/{{id}}", ReplaceAsync);
        endpoints.MapDelete($"{Path}/{{id}}", Delete);
        endpoints.MapPut($"{Path}/{{id}}/lifespans", SetLifespansAsync);
    }

    private Task ListAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var size = query["page_size"].ToString() is { Length: > 0 } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, LargestPageSize) : throw BadPage()
            : DefaultPageSize;
        var after = query["page_token"].ToString() is { Length: > 0 } token ? ReadPageToken(token) : "";
        var page = clients.List(after, query["client_name"].ToString(), query["owner"].ToString(), size + 1);
        var items = page.Take(size).ToArray();
        var links = $"<{PageAddress(http, size, null)}>; rel=\"first\"";
        if (page.Count > size)
        {
            links += $",<{PageAddress(http, size, PageToken(items[^1].Id))}>; rel=\"next\"";
        }

        http.Response.Headers.Link = links;
        return http.WriteJsonAsync(new JsonArray([.. items.Select(client => client.ToJson())]));
    }

    private async Task CreateAsync(HttpContext http)
    {
        var body = await JsonReader.ReadAsync(http.Request);
        var metadata = ClientMetadata.Parse(body);
        var given = body.Text("client_secret");
        ClientMetadata.Validate(metadata, given, settings);
        var secret = given.Length > 0 ? given : RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~", SecretLength);
        var id = metadata["client_id"]?.GetValue<string>() is { Length: > 0 } named ? named : Guid.NewGuid().ToString();
        var now = time.GetUtcNow();
        var client = new OAuth2Client(id, hasher.Hash(secret), metadata, now, now);
        if (!clients.TryAdd(client))
        {
            throw OAuth2Error.Conflict.AsException();
        }

        var answer = client.ToJson(asRegistered: true);
        if (!client.IsPublic)
        {
            answer["client_secret"] = secret;
        }

        http.Response.Headers.Location = $"{Path}/{Uri.EscapeDataString(id)}";
        await http.WriteJsonAsync(answer, StatusCodes.Status201Created);
    }

    private async Task ReplaceAsync(HttpContext http, string id)
    {
        var old = clients.Get(id);
        var body = await JsonReader.ReadAsync(http.Request);
        var metadata = ClientMetadata.Parse(body);
        var secret = body.Text("client_secret");
        ClientMetadata.Validate(metadata, secret, settings);
        var client = new OAuth2Client(id, secret.Length > 0 ? hasher.Hash(secret) : old.SecretHash, metadata, old.CreatedAt, time.GetUtcNow());
        Replace(old, client);
        var answer = client.ToJson();
        if (secret.Length > 0)
        {
            answer["client_secret"] = secret;
        }

        await http.WriteJsonAsync(answer);
    }

    private async Task SetLifespansAsync(HttpContext http, string id)
    {
        var old = clients.Get(id);
        var body = await JsonReader.ReadAsync(http.Request);
        var metadata = old.CopyMetadata();
        foreach (var name in ClientMetadata.Lifespans)
        {
            metadata[name] = body.Duration(name) is { } lifespan ? GoDuration.Format(lifespan) : null;
        }

        var client = new OAuth2Client(id, old.SecretHash, metadata, old.CreatedAt, time.GetUtcNow());
        Replace(old, client);
        await http.WriteJsonAsync(client.ToJson());
    }

    /// <summary>What was issued to a client goes with it.</summary>
    private Task Delete(HttpContext http, string id)
    {
        if (!clients.TryRemove(id))
        {
            throw OAuth2Error.ResourceNotFound.AsException();
        }

        tokens.RemoveClient(id);
        sessions.RemoveConsents(flow => flow.Client.Id == id);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private void Replace(OAuth2Client old, OAuth2Client client)
    {
        if (!clients.TryReplace(old, client))
        {
            throw OAuth2Error.Conflict.AsException();
        }
    }

    private static string PageAddress(HttpContext http, int size, string? token)
    {
        var query = http.Request.QueryString.HasValue ? $"{Path}{http.Request.QueryString}" : Path;
        return token is null
            ? Urls.SetQuery(WithoutToken(query), new KeyValuePair<string, string>("page_size", size.ToString(CultureInfo.InvariantCulture)))
            : Urls.SetQuery(
                query,
                new KeyValuePair<string, string>("page_size", size.ToString(CultureInfo.InvariantCulture)),
                new KeyValuePair<string, string>("page_token", token));
    }

    private static string WithoutToken(string address)
    {
        var (path, query) = address.IndexOf('?') is >= 0 and var question ? (address[..question], address[question..]) : (address, "");
        var kept = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query).Where(parameter => parameter.Key != "page_token");
        return Urls.Encode(kept) is { Length: > 0 } encoded ? $"{path}?{encoded}" : path;
    }

    /// <summary>The last id of a page, and a code over it: only a token that was given out leads anywhere.</summary>
    private string PageToken(string after)
    {
        var bytes = Encoding.UTF8.GetBytes(after);
        return Base64Url.EncodeToString([.. HMACSHA256.HashData(_pageKey, bytes), .. bytes]);
    }

    private string ReadPageToken(string token)
    {
        var bytes = Base64Url.IsValid(token) ? Base64Url.DecodeFromChars(token) : [];
        return bytes.Length > HMACSHA256.HashSizeInBytes
            && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_pageKey, bytes.AsSpan(HMACSHA256.HashSizeInBytes)), bytes.AsSpan(0, HMACSHA256.HashSizeInBytes))
                ? Encoding.UTF8.GetString(bytes, HMACSHA256.HashSizeInBytes, bytes.Length - HMACSHA256.HashSizeInBytes)
                : throw BadPage();
    }

    private static OAuth2Exception BadPage() => (OAuth2Error.BadRequest with { Hint = "Unable to parse pagination parameters" }).AsException();
}
