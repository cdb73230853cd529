using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NovaId.Api.Gateway;
using NovaId.Api.Keys;

namespace NovaId.Operator;

/// <summary>
/// The operator at the gateway: with a service token (RFC 6749, section 4.4) through the <c>/svc</c> routes, as anybody would have to.
/// Every member throws <see cref="OperatorException"/> if the zone does not answer or refuses.
/// </summary>
/// <param name="gateway">The gateway's address.</param>
/// <param name="account">The client as which it asks.</param>
/// <param name="certificate">What is asked about the gateway's certificate; null where it is one that this machine trusts, or there is none.</param>
public sealed partial class OperatorClient(Uri gateway, OperatorAccount account, RemoteCertificateValidationCallback? certificate = null) : IDisposable
{
    private const string Identities = "svc/kratos/admin/identities";
    private const string Sessions = "svc/kratos/admin/sessions";
    private const string Clients = "svc/hydra/admin/clients";
    private const string Tuples = "svc/keto/relation-tuples";
    private const string ChangedTuples = "svc/keto/admin/relation-tuples";
    private const string Rank = "Rank";
    private const string Members = "members";
    private const string Capability = "Capability";
    private const string Granted = "granted";
    private const string Audience = "novaid-gateway";
    private const int PageSize = 250;
    private const int LongestReason = 300;

    /// <summary>What is done here and nothing more, whatever else the client may.</summary>
    private const string Scopes =
        "kratos.identities.list kratos.identities.get kratos.identities.create kratos.identities.patch kratos.identities.delete "
        + "kratos.sessions.list kratos.sessions.revoke kratos.sessions.delete kratos.recovery.code keto.tuples.list keto.tuples.patch "
        + "hydra.clients.list hydra.clients.get hydra.clients.create hydra.clients.delete hydra.clients.replace";

    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    // A gateway redirects nobody. What does is something else, and gets no token.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, SslOptions = { RemoteCertificateValidationCallback = certificate } })
    {
        BaseAddress = gateway,
        Timeout = TimeSpan.FromSeconds(10),
    };

    private readonly SemaphoreSlim _renewing = new(1, 1);
    private string? _token;
    private DateTimeOffset _renewAt;

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _renewing.Dispose();
    }

    /// <summary>Gets a token of the operator's client (RFC 6749, section 4.4), for a program that cannot prove itself with a key.</summary>
    /// <param name="scopes">What it opens: scopes of the client, with a space between two.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The token.</returns>
    /// <exception cref="OperatorException">The client may not have it, or the zone does not answer.</exception>
    public async Task<ServiceToken> GetTokenAsync(string scopes, CancellationToken cancellationToken)
    {
        const string Path = "oauth2/token";
        var (asked, zone) = (DateTimeOffset.UtcNow, (account.Zone ?? gateway).GetLeftPart(UriPartial.Authority));
        using var request = new HttpRequestMessage(HttpMethod.Post, Path);
        (await account.GetCredentialAsync(cancellationToken)).Prove(
            request, [new("grant_type", "client_credentials"), new("scope", scopes), new("audience", Audience)], account.ClientId, zone, asked);
        using var response = await AskAsync(request, Path, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest or HttpStatusCode.Forbidden)
        {
            throw new OperatorException(
                $"POST /{Path}: the gateway gave '{account.ClientId}' no token ({(int)response.StatusCode}, {Reason(text).TrimEnd('.')}). "
                + "Give what its client was made with: its secret, or the key whose public half it is registered with. A zone in which hydra-clients has not run has no such client yet.")
            {
                Failure = OperatorFailure.NotAuthenticated,
            };
        }

        if (!response.IsSuccessStatusCode)
        {
            throw Refusal(HttpMethod.Post, Path, response.StatusCode, text);
        }

        var token = Json(text, HttpMethod.Post, Path) as JsonObject;
        return token?["access_token"]?.GetValue<string>() is { } access && token["expires_in"]?.GetValue<int>() is { } seconds
            ? new(access, asked.AddSeconds(seconds))
            : throw new OperatorException($"POST /{Path}: the answer holds no token. This is no gateway of a NovaId zone. Name the right address.");
    }

    /// <summary>The person with this e-mail address or id.</summary>
    /// <param name="emailOrId">The e-mail address or the id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The person.</returns>
    /// <exception cref="OperatorException">There is none, or the zone refused.</exception>
    public async Task<Person> FindAsync(string emailOrId, CancellationToken cancellationToken) =>
        await FindOrNullAsync(emailOrId, cancellationToken)
        ?? throw new OperatorException($"Nobody is registered as '{emailOrId}'. Give an e-mail address or an identity's id.");

    /// <summary>The person with this e-mail address or id.</summary>
    /// <param name="emailOrId">The e-mail address or the id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The person; null if there is none.</returns>
    public async Task<Person?> FindOrNullAsync(string emailOrId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(emailOrId);
        var who = emailOrId.Trim();
        if (Guid.TryParse(who, out var id))
        {
            return await SendAsync(HttpMethod.Get, $"{Identities}/{id:D}", null, cancellationToken, nullIfNotFound: true) is { Body: { } identity } ? Person.Parse(identity) : null;
        }

        var found = await SendAsync(HttpMethod.Get, $"{Identities}?credentials_identifier={Uri.EscapeDataString(who)}", null, cancellationToken);
        return found!.Body!.AsArray().FirstOrDefault() is { } first ? Person.Parse(first) : null;
    }

    /// <summary>Makes an account.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The id of the identity.</returns>
    public async Task<string> CreatePersonAsync(NewPerson person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        var identity = new JsonObject
        {
            ["schema_id"] = "person",
            ["state"] = "active",
            ["traits"] = new JsonObject { ["email"] = person.Email, ["name"] = new JsonObject { ["first"] = person.FirstName, ["last"] = person.LastName } },
        };
        if (person.Mark is { } mark)
        {
            identity["metadata_admin"] = new JsonObject { [mark] = true };
        }

        if (person.Password is { } password)
        {
            identity["credentials"] = new JsonObject { ["password"] = new JsonObject { ["config"] = new JsonObject { ["password"] = password } } };
        }

        return (await SendAsync(HttpMethod.Post, Identities, identity, cancellationToken))!.Body!["id"]!.GetValue<string>();
    }

    /// <summary>Removes a person; one who is gone already is no error.</summary>
    /// <param name="id">The id of the identity.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is done.</returns>
    public Task DeletePersonAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"{Identities}/{id}", null, cancellationToken, nullIfNotFound: true);

    /// <summary>Shuts a person out, whose sessions are refused from then on, or lets them in again.</summary>
    /// <param name="id">The id of the identity.</param>
    /// <param name="isActive">Whether the person is let in.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is done.</returns>
    public async Task SetActiveAsync(string id, bool isActive, CancellationToken cancellationToken) =>
        await SendAsync(
            HttpMethod.Patch,
            $"{Identities}/{id}",
            new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/state", ["value"] = isActive ? "active" : "inactive" }),
            cancellationToken);

    /// <summary>Shuts a person out and ends every session. If ending them fails, the person stays shut out all the same.</summary>
    /// <param name="id">The id of the identity.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is done.</returns>
    public async Task DeactivateAsync(string id, CancellationToken cancellationToken)
    {
        await SetActiveAsync(id, false, cancellationToken);
        await EndSessionsAsync(id, cancellationToken);
    }

    /// <summary>The sessions of a person, ended ones too.</summary>
    /// <param name="id">The id of the identity.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The sessions.</returns>
    public async Task<IReadOnlyList<PersonSession>> ListSessionsAsync(string id, CancellationToken cancellationToken) =>
        [.. (await ListAllAsync($"{Identities}/{id}/sessions?", cancellationToken)).Select(PersonSession.Parse)];

    /// <summary>Ends every session of a person; one who has none is no error.</summary>
    /// <param name="id">The id of the identity.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is done.</returns>
    public Task EndSessionsAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"{Identities}/{id}/sessions", null, cancellationToken, nullIfNotFound: true);

    /// <summary>Ends one session; one that has ended is no error.</summary>
    /// <param name="sessionId">The id of the session.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is done.</returns>
    public Task EndSessionAsync(string sessionId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"{Sessions}/{sessionId}", null, cancellationToken, nullIfNotFound: true);

    /// <summary>Makes a code with which a person gets in again.</summary>
    /// <param name="id">The id of the identity.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The code.</returns>
    public async Task<RecoveryCode> CreateRecoveryCodeAsync(string id, CancellationToken cancellationToken)
    {
        var made = (await SendAsync(HttpMethod.Post, "svc/kratos/admin/recovery/code", new JsonObject { ["identity_id"] = id }, cancellationToken))!.Body!;
        return new(made["recovery_code"]!.GetValue<string>(), made["recovery_link"]!.GetValue<string>(), made["expires_at"]?.GetValue<DateTimeOffset>());
    }

    /// <summary>Makes an API key as the API does it. It passes a capability for as long as its owner holds it too.</summary>
    /// <param name="owner">The id of the identity whose key it is.</param>
    /// <param name="name">What it is for.</param>
    /// <param name="scopes">The scopes that its tokens may have, of <see cref="ApiKey.AllScopes"/>.</param>
    /// <param name="capabilities">The capabilities that it may use.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its id and its secret.</returns>
    public async Task<NewSecret> CreateKeyAsync(
        string owner, string name, IReadOnlyList<string> scopes, IReadOnlyList<string> capabilities, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(capabilities);
        var key = new NewSecret(ApiKeyId.CreateFor(Guid.Parse(owner)).ToString(), NewSecret.Generate());
        var client = new JsonObject
        {
            ["client_id"] = key.ClientId,
            ["client_name"] = name,
            ["client_secret"] = key.Secret,
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
        await ChangeAsync([.. capabilities.Select(capability => RelationTuple.OfSubject(Capability, capability, Granted, $"client:{key.ClientId}"))], [], cancellationToken);
        return key;
    }

    /// <summary>The API keys of a person.</summary>
    /// <param name="owner">The id of the identity.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The keys.</returns>
    public async Task<IReadOnlyList<ApiKey>> ListKeysAsync(string owner, CancellationToken cancellationToken) =>
        KeysAmong(await ListAllAsync($"{Clients}?owner={Uri.EscapeDataString(owner)}&", cancellationToken));

    /// <summary>The API keys of this name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The keys.</returns>
    public async Task<IReadOnlyList<ApiKey>> ListKeysByNameAsync(string name, CancellationToken cancellationToken) =>
        [.. KeysAmong(await ListAllAsync($"{Clients}?client_name={Uri.EscapeDataString(name)}&", cancellationToken)).Where(key => key.Name == name)];

    /// <summary>Removes an API key, and with it every token of it; one that is gone already is no error.</summary>
    /// <param name="id">The id of the key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> DeleteKeyAsync(string id, CancellationToken cancellationToken)
    {
        var grants = await ListAsync(Capability, null, Granted, $"client:{id}", cancellationToken);
        var existed = await DeleteClientAsync(id, cancellationToken);
        // Without its client they belong to nobody; if they stay, asking again takes them out.
        await ChangeAsync([], grants, cancellationToken);
        return existed || grants.Count > 0;
    }

    /// <summary>How a service client of the zone proves itself, as it is registered.</summary>
    /// <param name="id">The id of the client.</param>
    /// <param name="configuration">What the zone is to be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it proves itself with keys; otherwise with a secret.</returns>
    /// <exception cref="OperatorException">It is no service client of the zone, or the zone refused.</exception>
    public async Task<bool> HasKeysAsync(string id, ZoneConfiguration configuration, CancellationToken cancellationToken) =>
        HasKeys(await FindClientAsync(id, configuration, cancellationToken));

    /// <summary>
    /// Gives a service client of the zone a new secret. Every token of it ends: it is removed and made again, so that nobody goes on with what
    /// the old secret opened. If that is interrupted, it is made as the configuration says when this is done again.
    /// </summary>
    /// <param name="id">The id of the client.</param>
    /// <param name="configuration">What the zone is to be.</param>
    /// <param name="cancellationToken">Gives up before it is begun.</param>
    /// <returns>The new secret.</returns>
    /// <exception cref="OperatorException">It is no service client of the zone, it is the operator's own, it has keys, or the zone refused.</exception>
    public async Task<NewSecret> RotateSecretAsync(string id, ZoneConfiguration configuration, CancellationToken cancellationToken)
    {
        var client = await FindClientAsync(id, configuration, cancellationToken);
        if (HasKeys(client))
        {
            throw BadInput($"'{id}' proves itself with a key, and a secret would open nothing. Give it a new key.");
        }

        if (id == account.ClientId)
        {
            throw BadInput($"'{id}' cannot rotate its own secret: it could not make the client that it has removed. Change the secret where hydra-clients takes it from, and run that again.");
        }

        var secret = new NewSecret(id, NewSecret.Generate());
        client["client_secret"] = secret.Secret;
        // Begun, it is brought to its end: between the two there is no client.
        await DeleteClientAsync(id, CancellationToken.None);
        await SendAsync(HttpMethod.Post, Clients, client, CancellationToken.None);
        return secret;
    }

    /// <summary>
    /// Makes a new key for a service client of the zone that proves itself with keys, and registers it beside the one that it has. Both are
    /// good until <see cref="EndKeyRotationAsync"/>, and no token ends.
    /// </summary>
    /// <param name="id">The id of the client.</param>
    /// <param name="configuration">What the zone is to be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new key.</returns>
    /// <exception cref="OperatorException">It is no service client of the zone with one key, or the zone refused.</exception>
    public async Task<NewKey> BeginKeyRotationAsync(string id, ZoneConfiguration configuration, CancellationToken cancellationToken)
    {
        var (client, keys) = await FindKeysAsync(id, configuration, cancellationToken);
        if (keys.Length > 1)
        {
            throw BadInput($"'{id}' has {keys.Length} keys, so that a rotation has begun. Finish it once the program has the new key, or undo it.");
        }

        if (client["token_endpoint_auth_signing_alg"]?.GetValue<string>() is var algorithm and not ClientKey.Algorithm)
        {
            throw BadInput($"'{id}' signs with {algorithm ?? "RS256"}, and the key that is made here would sign with {ClientKey.Algorithm}. Say so in hydra/clients.json, and run hydra-clients again.");
        }

        var pem = ClientKey.Generate();
        using var key = ClientKey.Parse(pem);
        var set = await RegisterAsync(id, client, [key.ToPublicJwk(), .. keys], cancellationToken);
        return new(id, pem, ClientKey.ToSet([key.ToPublicJwk()]).ToJsonString(), set);
    }

    /// <summary>Takes away all keys of a service client of the zone but one.</summary>
    /// <param name="id">The id of the client.</param>
    /// <param name="configuration">What the zone is to be.</param>
    /// <param name="keepNew">Whether the key that was made last stays, or else the one before it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The public keys that it has now, and whether that changed anything.</returns>
    /// <exception cref="OperatorException">It is no service client of the zone with keys, or the zone refused.</exception>
    public async Task<(string PublicKeys, bool Changed)> EndKeyRotationAsync(
        string id, ZoneConfiguration configuration, bool keepNew, CancellationToken cancellationToken)
    {
        var (client, keys) = await FindKeysAsync(id, configuration, cancellationToken);
        return keys.Length == 1
            ? (ClientKey.ToSet(keys).ToJsonString(), false)
            : (await RegisterAsync(id, client, [keepNew ? keys[0] : keys[^1]], cancellationToken), true);
    }

    private async Task<string> RegisterAsync(string id, JsonObject client, IEnumerable<JsonNode> keys, CancellationToken cancellationToken)
    {
        var set = ClientKey.ToSet(keys);
        client["jwks"] = set;
        await SendAsync(HttpMethod.Put, $"{Clients}/{id}", client, cancellationToken);
        return set.ToJsonString();
    }

    private async Task<(JsonObject Client, JsonNode[] Keys)> FindKeysAsync(string id, ZoneConfiguration configuration, CancellationToken cancellationToken)
    {
        var client = await FindClientAsync(id, configuration, cancellationToken);
        JsonNode[] keys = HasKeys(client) && client["jwks"]?["keys"] is JsonArray registered ? [.. registered.Select(key => key!)] : [];
        return keys.Length > 0
            ? (client, keys)
            : throw BadInput($"'{id}' is registered with no key. Say in hydra/clients.json that it proves itself with one, private_key_jwt, and run hydra-clients again.");
    }

    /// <summary>A service client as it is registered, or, where it is not, as the configuration says.</summary>
    private async Task<JsonObject> FindClientAsync(string id, ZoneConfiguration configuration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(configuration);
        var clients = configuration.ReadClients();
        return clients.TryGetValue(id, out var declared)
            ? (await SendAsync(HttpMethod.Get, $"{Clients}/{id}", null, cancellationToken, nullIfNotFound: true))?.Body as JsonObject ?? declared
            : throw BadInput($"'{id}' is no client of hydra/clients.json. Choose from {string.Join(", ", clients.Keys.Where(client => client != account.ClientId))}. An API key is revoked and made anew.");
    }

    private static bool HasKeys(JsonObject client) => client["token_endpoint_auth_method"]?.GetValue<string>() == "private_key_jwt";

    private static OperatorException BadInput(string message) => new(message) { Failure = OperatorFailure.BadInput };

    /// <summary>Gives a person one rank, or none, in one transaction.</summary>
    /// <param name="id">The id of the identity.</param>
    /// <param name="rank">The rank; null takes every rank away.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether that changed anything.</returns>
    public async Task<bool> SetRankAsync(string id, string? rank, CancellationToken cancellationToken)
    {
        var present = await ListAsync(Rank, null, Members, id, cancellationToken);
        RelationTuple[] wanted = rank is null ? [] : [RelationTuple.OfSubject(Rank, rank, Members, id)];
        RelationTuple[] missing = [.. wanted.Except(present)];
        RelationTuple[] tooMuch = [.. present.Except(wanted)];
        await ChangeAsync(missing, tooMuch, cancellationToken);
        return missing.Length > 0 || tooMuch.Length > 0;
    }

    /// <summary>The ids of a rank's members.</summary>
    /// <param name="rank">The rank.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The ids.</returns>
    public async Task<IReadOnlyList<string>> MembersAsync(string rank, CancellationToken cancellationToken) =>
        [.. (await ListAsync(Rank, rank, Members, null, cancellationToken)).Select(tuple => tuple.SubjectId).OfType<string>()];

    /// <summary>Every tuple of a namespace and relation.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="object">The object; null is all.</param>
    /// <param name="relation">The relation.</param>
    /// <param name="subjectId">The subject; null is all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tuples.</returns>
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
            var page = (await SendAsync(HttpMethod.Get, $"{Tuples}?{string.Join('&', terms)}", null, cancellationToken))!.Body!;
            tuples.AddRange(page["relation_tuples"]!.AsArray().Select(tuple => RelationTuple.Parse(tuple!)));
            query["page_token"] = page["next_page_token"]?.GetValue<string>();
        }
        while (!string.IsNullOrEmpty(query["page_token"]));
        return tuples;
    }

    /// <summary>Inserts and deletes relation tuples in one transaction.</summary>
    /// <param name="insert">What is to be there.</param>
    /// <param name="delete">What is to be gone.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is done.</returns>
    public async Task ChangeAsync(IReadOnlyList<RelationTuple> insert, IReadOnlyList<RelationTuple> delete, CancellationToken cancellationToken)
    {
        JsonNode[] changes = [.. insert.Select(tuple => Change("insert", tuple)), .. delete.Select(tuple => Change("delete", tuple))];
        if (changes.Length > 0)
        {
            await SendAsync(HttpMethod.Patch, ChangedTuples, new JsonArray(changes), cancellationToken);
        }

        static JsonNode Change(string action, RelationTuple tuple) => new JsonObject { ["action"] = action, ["relation_tuple"] = tuple.ToJson() };
    }

    private static IReadOnlyList<ApiKey> KeysAmong(IEnumerable<JsonNode> clients) =>
        [.. clients.Where(client => ApiKey.IsId(client["client_id"]!.GetValue<string>())).Select(ApiKey.Parse)];

    private async Task<bool> DeleteClientAsync(string id, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Delete, $"{Clients}/{id}", null, cancellationToken, nullIfNotFound: true) is not null;

    /// <summary>Kratos and Hydra name the next page in a header: <see href="https://www.ory.com/docs/ecosystem/api-design#pagination"/>.</summary>
    private async Task<IReadOnlyList<JsonNode>> ListAllAsync(string target, CancellationToken cancellationToken)
    {
        var items = new List<JsonNode>();
        for (string? page = ""; page is not null;)
        {
            var token = page.Length > 0 ? $"&page_token={page}" : "";
            var answer = (await SendAsync(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{target}page_size={PageSize}{token}"), null, cancellationToken))!;
            var found = answer.Body!.AsArray();
            items.AddRange(found.Select(item => item!));
            // Kratos names a next page of an empty list of sessions too, and one after that.
            page = found.Count < PageSize ? null : answer.NextPage;
        }

        return items;
    }

    private async Task<Answer?> SendAsync(
        HttpMethod method, string target, JsonNode? body, CancellationToken cancellationToken, bool nullIfNotFound = false)
    {
        var path = target.Split('?')[0];
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, target);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken));
            request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await AskAsync(request, path, cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized && attempt == 1)
            {
                // The client was made anew, and no token of the old one is worth anything.
                _token = null;
                continue;
            }

            if (nullIfNotFound && response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode ? new(Json(text, method, path), NextPage(response)) : throw Refusal(method, path, response.StatusCode, text);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new OperatorException($"{request.Method} /{path}: the gateway does not answer at {gateway}. Wait until the zone is healthy, or name the right address.", exception)
            {
                Failure = OperatorFailure.Unavailable,
            };
        }
    }

    private static OperatorException Refusal(HttpMethod method, string path, HttpStatusCode status, string text)
    {
        var (failure, remedy) = status switch
        {
            HttpStatusCode.Unauthorized => (OperatorFailure.NotAuthenticated, "Its token was refused. Compare the operator's client with hydra/clients.json."),
            HttpStatusCode.Forbidden => (OperatorFailure.Refused, "Give the operator's client the scopes and the audience that hydra/clients.json says."),
            HttpStatusCode.NotFound => (OperatorFailure.Refused, "It is not there any more, or this is no gateway of a NovaId zone."),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => (OperatorFailure.Unavailable, "Wait until the zone is healthy, and try again."),
            < HttpStatusCode.BadRequest => (OperatorFailure.Refused, "This is no gateway of a NovaId zone. Name the right address."),
            _ => (OperatorFailure.Refused, "Nothing was changed by this request. Mend what it names."),
        };
        return new($"{method} /{path}: the gateway answered {(int)status} ({status}): {Reason(text)} {remedy}") { Failure = failure };
    }

    private static JsonNode? Json(string text, HttpMethod method, string path)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new OperatorException($"{method} /{path}: the answer is no JSON. This is no gateway of a NovaId zone. Name the right address.", exception);
        }
    }

    /// <summary>Kratos, Keto and Hydra say in <c>error.reason</c>, or else in <c>error.message</c>, what was wrong.</summary>
    private static string Reason(string text)
    {
        try
        {
            var error = JsonNode.Parse(text)?["error"];
            var reason = (error as JsonObject)?["reason"]?.ToString() ?? (error as JsonObject)?["message"]?.ToString() ?? error?.ToString() ?? "";
            var shown = TerminalText.Of(reason.Take(LongestReason)).Trim();
            return shown.Length == 0 ? "it said no more." : shown.EndsWith('.') ? shown : $"{shown}.";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "it said no more.";
        }
    }

    private static string? NextPage(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links) && NextLink().Match(string.Join(',', links)) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("<[^<>]*[?&]page_token=([^&<>]+)[^<>]*>;\\s*rel=\"next\"")]
    private static partial Regex NextLink();

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_token is { } known && DateTimeOffset.UtcNow < _renewAt)
            {
                return known;
            }

            var token = await GetTokenAsync(Scopes, cancellationToken);
            _renewAt = token.ExpiresAt - Margin;
            return _token = token.Value;
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>What came back.</summary>
    /// <param name="Body">The body; null if there is none.</param>
    /// <param name="NextPage">The token of the next page, as it stands in an address; null if there is none.</param>
    private sealed record Answer(JsonNode? Body, string? NextPage);
}
