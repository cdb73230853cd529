using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace NovaId.AppHost.Operator;

/// <summary>
/// The operator at the gateway: with a service token (RFC 6749, section 4.4) through the <c>/svc</c> routes, as anybody would have to.
/// </summary>
internal sealed class OperatorClient(OperatorResource resource, ZoneConfiguration configuration) : IDisposable
{
    private const string Identities = "svc/kratos/admin/identities";
    private const string Clients = "svc/hydra/admin/clients";
    private const string Tuples = "svc/keto/relation-tuples";
    private const string ChangedTuples = "svc/keto/admin/relation-tuples";
    private const string Rank = "Rank";
    private const string Members = "members";
    private const int PageSize = 250;
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new() { BaseAddress = resource.GatewayAddress, Timeout = TimeSpan.FromSeconds(10) };
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private string? _token;
    private DateTimeOffset _renewAt;

    public void Dispose()
    {
        _http.Dispose();
        _renewing.Dispose();
    }

    /// <summary>The id of the person with this e-mail address or id.</summary>
    /// <exception cref="OperatorException">There is none.</exception>
    public async Task<string> FindPersonAsync(string emailOrId, CancellationToken cancellationToken) =>
        await FindOrNullAsync(emailOrId.Trim(), cancellationToken) is { } person
            ? person["id"]!.GetValue<string>()
            : throw new OperatorException($"Nobody is registered as '{emailOrId}'. Give an e-mail address or an identity's id.");

    public async Task<JsonNode?> FindOrNullAsync(string emailOrId, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(emailOrId, out var id))
        {
            return await SendAsync(HttpMethod.Get, $"{Identities}/{id:D}", null, cancellationToken, nullIfNotFound: true);
        }

        var found = await SendAsync(HttpMethod.Get, $"{Identities}?credentials_identifier={Uri.EscapeDataString(emailOrId)}", null, cancellationToken);
        return found!.AsArray().FirstOrDefault();
    }

    public async Task<string> CreatePersonAsync(string email, string password, JsonObject name, JsonObject mark, CancellationToken cancellationToken)
    {
        var identity = new JsonObject
        {
            ["schema_id"] = "person",
            ["state"] = "active",
            ["traits"] = new JsonObject { ["email"] = email, ["name"] = name },
            ["metadata_admin"] = mark,
            ["credentials"] = new JsonObject { ["password"] = new JsonObject { ["config"] = new JsonObject { ["password"] = password } } },
        };
        return (await SendAsync(HttpMethod.Post, Identities, identity, cancellationToken))!["id"]!.GetValue<string>();
    }

    /// <summary>Removes a person; one who is gone already is no error.</summary>
    public Task DeletePersonAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"{Identities}/{id}", null, cancellationToken, nullIfNotFound: true);

    public Task SetStateAsync(string id, string state, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Patch,
            $"{Identities}/{id}",
            new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/state", ["value"] = state }),
            cancellationToken);

    /// <summary>Ends every session of a person; one who has none is no error.</summary>
    public Task RevokeSessionsAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"{Identities}/{id}/sessions", null, cancellationToken, nullIfNotFound: true);

    /// <summary>Makes an API key, which is an OAuth2 client of its own, as the API does it.</summary>
    /// <returns>Its id and its secret.</returns>
    public async Task<(string Id, string Secret)> CreateKeyAsync(
        string owner, string name, IReadOnlyList<string> scopes, IReadOnlyList<string> capabilities, CancellationToken cancellationToken)
    {
        var id = $"key-{owner}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var client = new JsonObject
        {
            ["client_id"] = id,
            ["client_name"] = name,
            ["client_secret"] = secret,
            ["owner"] = owner,
            ["scope"] = string.Join(' ', scopes),
            ["audience"] = new JsonArray("novaid-api"),
            ["grant_types"] = new JsonArray("client_credentials"),
            ["response_types"] = new JsonArray(),
            ["token_endpoint_auth_method"] = "client_secret_basic",
            ["access_token_strategy"] = "opaque",
            ["metadata"] = new JsonObject { ["capabilities"] = new JsonArray([.. capabilities.Select(capability => (JsonNode)capability)]) },
        };
        await SendAsync(HttpMethod.Post, Clients, client, cancellationToken);
        await ChangeAsync([.. capabilities.Select(capability => RelationTuple.OfSubject("Capability", capability, "granted", $"client:{id}"))], [], cancellationToken);
        return (id, secret);
    }

    /// <summary>The ids of the API keys of this name.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string name, CancellationToken cancellationToken)
    {
        var found = await SendAsync(HttpMethod.Get, $"{Clients}?page_size={PageSize}&client_name={Uri.EscapeDataString(name)}", null, cancellationToken);
        return [.. found!.AsArray().Where(client => client!["client_name"]!.GetValue<string>() == name).Select(client => client!["client_id"]!.GetValue<string>())];
    }

    /// <summary>Removes an API key, and with it every token of it; one that is gone already is no error.</summary>
    public async Task DeleteKeyAsync(string id, CancellationToken cancellationToken)
    {
        await ChangeAsync([], await ListAsync("Capability", null, "granted", $"client:{id}", cancellationToken), cancellationToken);
        await SendAsync(HttpMethod.Delete, $"{Clients}/{id}", null, cancellationToken, nullIfNotFound: true);
    }

    /// <summary>Gives a person one rank, or none, in one transaction.</summary>
    public async Task SetRankAsync(string id, string? rank, CancellationToken cancellationToken)
    {
        var present = await ListAsync(Rank, null, Members, id, cancellationToken);
        RelationTuple[] wanted = rank is null ? [] : [RelationTuple.OfSubject(Rank, rank, Members, id)];
        await ChangeAsync([.. wanted.Except(present)], [.. present.Except(wanted)], cancellationToken);
    }

    /// <summary>The ids of a rank's members.</summary>
    public async Task<IReadOnlyList<string>> MembersAsync(string rank, CancellationToken cancellationToken) =>
        [.. (await ListAsync(Rank, rank, Members, null, cancellationToken)).Select(tuple => tuple.SubjectId).OfType<string>()];

    /// <summary>Every tuple of a namespace and relation.</summary>
    public async Task<IReadOnlyList<RelationTuple>> ListAsync(
        string @namespace, string? @object, string relation, string? subjectId, CancellationToken cancellationToken)
    {
        var query = new Dictionary<string, string?>
        {
            ["page_size"] = PageSize.ToString(CultureInfo.InvariantCulture),
            ["namespace"] = @namespace,
            ["object"] = @object,
            ["relation"] = relation,
            ["subject_id"] = subjectId,
        };
        var tuples = new List<RelationTuple>();
        do
        {
            var terms = query.Where(term => term.Value is not null).Select(term => $"{term.Key}={Uri.EscapeDataString(term.Value!)}");
            var page = (await SendAsync(HttpMethod.Get, $"{Tuples}?{string.Join('&', terms)}", null, cancellationToken))!;
            tuples.AddRange(page["relation_tuples"]!.AsArray().Select(tuple => RelationTuple.Parse(tuple!)));
            query["page_token"] = page["next_page_token"]?.GetValue<string>();
        }
        while (!string.IsNullOrEmpty(query["page_token"]));
        return tuples;
    }

    /// <summary>Inserts and deletes relation tuples in one transaction.</summary>
    public async Task ChangeAsync(IReadOnlyList<RelationTuple> insert, IReadOnlyList<RelationTuple> delete, CancellationToken cancellationToken)
    {
        JsonNode[] changes = [.. insert.Select(tuple => Change("insert", tuple)), .. delete.Select(tuple => Change("delete", tuple))];
        if (changes.Length > 0)
        {
            await SendAsync(HttpMethod.Patch, ChangedTuples, new JsonArray(changes), cancellationToken);
        }

        static JsonNode Change(string action, RelationTuple tuple) => new JsonObject { ["action"] = action, ["relation_tuple"] = tuple.ToJson() };
    }

    private async Task<JsonNode?> SendAsync(
        HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken, bool nullIfNotFound = false)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken));
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await AskAsync(request, cancellationToken);
        if (nullIfNotFound && response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }

        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? text.Length == 0 ? null : JsonNode.Parse(text)
            : throw new OperatorException($"The gateway answered {(int)response.StatusCode} to {method} /{path.Split('?')[0]}: {Reason(text)}");
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new OperatorException($"The gateway does not answer at {resource.GatewayAddress}. Wait until the zone is healthy, and try again.", exception);
        }
    }

    /// <summary>Kratos, Keto and Hydra say in <c>error.reason</c>, or else in <c>error.message</c>, what was wrong.</summary>
    private static string Reason(string text)
    {
        try
        {
            var error = JsonNode.Parse(text)?["error"];
            return (error as JsonObject)?["reason"]?.ToString() ?? (error as JsonObject)?["message"]?.ToString() ?? error?.ToString() ?? "it said no more.";
        }
        catch (System.Text.Json.JsonException)
        {
            return "it said no more.";
        }
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_token is not null && DateTimeOffset.UtcNow < _renewAt)
            {
                return _token;
            }

            using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token")
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["grant_type"] = "client_credentials",
                    ["scope"] = configuration.OperatorScope,
                    ["audience"] = configuration.Audience,
                }),
            };
            var secret = await resource.Secret.GetValueAsync(cancellationToken);
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{OperatorResource.ClientId}:{secret}")));
            using var response = await AskAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new OperatorException($"The gateway gave the operator no token ({(int)response.StatusCode}). Restart hydra-clients, which makes its client.");
            }

            var token = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
            _renewAt = DateTimeOffset.UtcNow.AddSeconds(token["expires_in"]!.GetValue<int>()) - Margin;
            return _token = token["access_token"]!.GetValue<string>();
        }
        finally
        {
            _renewing.Release();
        }
    }
}
