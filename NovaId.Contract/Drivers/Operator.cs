using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;

namespace NovaId.Contract.Drivers;

/// <summary>The service client <c>novaid-operator</c> at the <c>/svc</c> routes. What it makes it remembers, so that a case can clear
/// up after itself.</summary>
public sealed class Operator
{
    private const string Identities = "/svc/kratos/admin/identities";
    private const string Tuples = "/svc/keto/admin/relation-tuples";
    private const string Clients = "/svc/hydra/admin/clients";
    private const string Requests = "/svc/hydra/admin/oauth2/auth/requests";

    /// <summary>Every scope that a <c>/svc</c> route asks for.</summary>
    public const string Scopes =
        "kratos.identities.list kratos.identities.get kratos.identities.create kratos.identities.patch kratos.identities.delete "
        + "kratos.sessions.list kratos.sessions.get kratos.sessions.revoke kratos.sessions.delete kratos.credentials.delete kratos.recovery.code "
        + "keto.check keto.check.single keto.tuples.list keto.tuples.patch hydra.introspect "
        + "hydra.clients.list hydra.clients.get hydra.clients.create hydra.clients.delete hydra.clients.replace hydra.clients.lifespans "
        + "hydra.consents.list hydra.consents.revoke hydra.logins.revoke "
        + "hydra.login.get hydra.login.accept hydra.login.reject hydra.consent.get hydra.consent.accept hydra.consent.reject "
        + "hydra.logout.get hydra.logout.accept hydra.logout.reject hydra.device.accept mail.read";

    private readonly Func<Task<Caller>> _caller;
    private readonly ConcurrentStack<Func<Task>> _traces = [];

    internal Operator(Func<Task<Caller>> caller) => _caller = caller;

    /// <summary>The operator with its service token.</summary>
    public Task<Caller> CallerAsync() => _caller();

    /// <summary>Makes an identity that nobody can log in to.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateIdentityAsync(string? email = null)
    {
        var content = new { schema_id = "person", traits = new { email = email ?? KratosFlows.NewEmail() } };
        return Remember((await (await _caller()).PostAsync(Identities, content)).Expect(201)["id"].GetString()!);
    }

    /// <summary>Makes an identity with a password.</summary>
    /// <returns>The creation's answer.</returns>
    public async Task<Reply> CreateIdentityAsync(string email, string password)
    {
        var credentials = new { password = new { config = new { password } } };
        var content = new { schema_id = "person", traits = new { email }, credentials };
        var reply = await (await _caller()).PostAsync(Identities, content);
        if (reply.Status == 201)
        {
            Remember(reply["id"].GetString()!);
        }

        return reply;
    }

    /// <summary>Remembers a person who registered, for the clearing up.</summary>
    public string Remember(string identityId)
    {
        _traces.Push(async () => await (await _caller()).DeleteAsync($"{Identities}/{identityId}"));
        return identityId;
    }

    /// <summary>Makes a code to hand over to a person, for the flow of an app.</summary>
    /// <returns>Where the code is submitted, and the code.</returns>
    public async Task<(string Action, string Code)> CreateRecoveryCodeAsync(string identityId)
    {
        var reply = (await (await _caller()).PostAsync("/svc/kratos/admin/recovery/code", new { identity_id = identityId, flow_type = "api" })).Expect(201);
        var flow = Browser.Query(new Uri(reply["recovery_link"].GetString()!), "flow");
        return ($"{KratosFlows.Root}/self-service/recovery?flow={flow}", reply["recovery_code"].GetString()!);
    }

    /// <summary>Makes an identity active or inactive.</summary>
    public async Task SetStateAsync(string identityId, string state)
    {
        var patch = new[] { new { op = "replace", path = "/state", value = state } };
        (await (await _caller()).PatchAsync($"{Identities}/{identityId}", patch)).Expect(200);
    }

    /// <summary>Ends every session of a person.</summary>
    public async Task RevokeSessionsAsync(string identityId) =>
        (await (await _caller()).DeleteAsync($"{Identities}/{identityId}/sessions")).Expect(204);

    /// <summary>Makes a subject, a person or <c>client:…</c>, a member of a rank.</summary>
    public Task SetRankAsync(string subject, string rank) => InsertAsync("Rank", rank, "members", subject);

    /// <summary>Takes a rank away.</summary>
    public Task TakeRankAsync(string subject, string rank) => PatchAsync("delete", "Rank", rank, "members", subject);

    /// <summary>Grants a capability to a subject outright.</summary>
    public Task GrantAsync(string subject, string capability) => InsertAsync("Capability", capability, "granted", subject);

    /// <summary>Takes a granted capability away.</summary>
    public Task TakeCapabilityAsync(string subject, string capability) => PatchAsync("delete", "Capability", capability, "granted", subject);

    /// <summary>The ranks that a person is a member of.</summary>
    public async Task<IReadOnlyList<string>> RanksAsync(string subject)
    {
        var reply = await (await _caller()).GetAsync($"/svc/keto/relation-tuples?namespace=Rank&relation=members&subject_id={subject}");
        return [.. reply.Expect(200)["relation_tuples"].EnumerateArray().Select(tuple => tuple.GetProperty("object").GetString()!)];
    }

    /// <summary>Registers a confidential client for <c>novaid-api</c> with the scopes and grants of an ordinary app.</summary>
    public Task<OAuth2Client> CreateClientAsync(
        string scope = "openid offline_access novaid.read novaid.write",
        string audience = "novaid-api",
        string[]? grants = null,
        string? id = null,
        string? secret = null) =>
        CreateClientAsync(
            new()
            {
                ["client_id"] = id ?? $"contract-{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
                ["client_secret"] = secret ?? RandomNumberGenerator.GetHexString(40, lowercase: true),
                ["scope"] = scope,
                ["audience"] = new[] { audience },
                ["grant_types"] = grants ?? ["client_credentials", "authorization_code", "refresh_token"],
                ["response_types"] = new[] { "code" },
                ["redirect_uris"] = new[] { OAuth2Client.RedirectUri },
                ["token_endpoint_auth_method"] = "client_secret_basic",
            });

    /// <summary>Registers a client that proves itself with one of these keys (<see cref="ClientKey"/>). It has a secret too, which is good for
    /// nothing.</summary>
    public Task<OAuth2Client> CreateClientAsync(
        Dictionary<string, string>[] keys,
        string? algorithm = "ES256",
        string scope = "openid offline_access novaid.read novaid.write",
        string audience = "novaid-api")
    {
        var client = new Dictionary<string, object>
        {
            ["client_id"] = $"contract-{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
            ["client_secret"] = RandomNumberGenerator.GetHexString(40, lowercase: true),
            ["scope"] = scope,
            ["audience"] = new[] { audience },
            ["grant_types"] = new[] { "client_credentials", OAuth2Flows.DeviceGrant },
            ["token_endpoint_auth_method"] = "private_key_jwt",
            ["jwks"] = new { keys },
        };
        if (algorithm is not null)
        {
            client["token_endpoint_auth_signing_alg"] = algorithm;
        }

        return CreateClientAsync(client);
    }

    /// <summary>Registers a client without a secret (RFC 6749, section 2.1), as an app on a telephone is.</summary>
    public Task<OAuth2Client> CreatePublicClientAsync() =>
        CreateClientAsync(
            new()
            {
                ["client_id"] = $"contract-{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
                ["scope"] = "openid offline_access novaid.read novaid.write",
                ["audience"] = new[] { "novaid-api" },
                ["grant_types"] = new[] { "authorization_code", "refresh_token" },
                ["response_types"] = new[] { "code" },
                ["redirect_uris"] = new[] { OAuth2Client.RedirectUri },
                ["token_endpoint_auth_method"] = "none",
            });

    /// <summary>Registers a client that runs on a device without a browser (RFC 8628).</summary>
    public Task<OAuth2Client> CreateDeviceClientAsync() =>
        CreateClientAsync(
            new()
            {
                ["client_id"] = $"contract-{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
                ["client_secret"] = RandomNumberGenerator.GetHexString(40, lowercase: true),
                ["scope"] = "openid offline_access novaid.read novaid.write",
                ["audience"] = new[] { "novaid-api" },
                ["grant_types"] = new[] { OAuth2Flows.DeviceGrant, "refresh_token" },
                ["token_endpoint_auth_method"] = "client_secret_basic",
            });

    public async Task DeleteClientAsync(string id) => (await (await _caller()).DeleteAsync($"{Clients}/{id}")).Expect(204);

    /// <summary>Sets how long the tokens of a client live.</summary>
    public async Task SetLifespansAsync(string id, params (string Name, string Value)[] lifespans)
    {
        var content = lifespans.ToDictionary(pair => pair.Name, pair => pair.Value);
        (await (await _caller()).PutAsync($"{Clients}/{id}/lifespans", content)).Expect(200);
    }

    /// <summary>Asks Hydra what a token is.</summary>
    public async Task<Reply> IntrospectAsync(string token) =>
        (await (await _caller()).PostAsync("/svc/hydra/admin/oauth2/introspect", OAuth2Flows.Form(("token", token)))).Expect(200);

    /// <returns>Where the browser goes next: path and query.</returns>
    public Task<string> AcceptLoginAsync(string challenge, string subject) =>
        AnswerAsync($"login/accept?login_challenge={challenge}", new { subject });

    /// <summary>Accepts a login that the browser is to remember.</summary>
    /// <param name="challenge">The login challenge.</param>
    /// <param name="subject">The person.</param>
    /// <param name="sessionId">The session of Kratos that the login comes from.</param>
    /// <returns>Where the browser goes next: path and query.</returns>
    public Task<string> RememberLoginAsync(string challenge, string subject, string sessionId) => AnswerAsync(
        $"login/accept?login_challenge={challenge}",
        new { subject, remember = true, remember_for = 3600, identity_provider_session_id = sessionId });

    /// <summary>Asks Hydra who wants to log out.</summary>
    public async Task<Reply> GetLogoutAsync(string challenge) =>
        await (await _caller()).GetAsync($"{Requests}/logout?logout_challenge={challenge}");

    /// <returns>Where the browser goes next: path and query.</returns>
    public Task<string> AcceptLogoutAsync(string challenge) => AnswerAsync($"logout/accept?logout_challenge={challenge}", new { });

    public async Task RejectLogoutAsync(string challenge) =>
        (await (await _caller()).PutAsync($"{Requests}/logout/reject?logout_challenge={challenge}", new { })).Expect(204);

    /// <summary>Tells Hydra which code a person has entered for a device.</summary>
    public async Task<Reply> AnswerDeviceAsync(string challenge, string userCode) =>
        await (await _caller()).PutAsync($"{Requests}/device/accept?device_challenge={challenge}", new { user_code = userCode });

    /// <returns>Where the browser goes next: path and query.</returns>
    public Task<string> RejectLoginAsync(string challenge) =>
        AnswerAsync($"login/reject?login_challenge={challenge}", new { error = "access_denied", error_description = "No." });

    /// <summary>Grants these scopes, or, where none is named, all that was asked for; and all audiences that were asked for.</summary>
    /// <returns>Where the browser goes next: path and query.</returns>
    public Task<string> AcceptConsentAsync(string challenge, params string[] scopes) => AcceptConsentAsync(challenge, accessToken: null, scopes);

    /// <summary>Grants as above, and records something in the access token, as the consent page does with the person's login.</summary>
    /// <returns>Where the browser goes next: path and query.</returns>
    public async Task<string> AcceptConsentAsync(string challenge, object? accessToken, string[] scopes)
    {
        var request = (await (await _caller()).GetAsync($"{Requests}/consent?consent_challenge={challenge}")).Expect(200);
        return await AnswerAsync(
            $"consent/accept?consent_challenge={challenge}",
            new
            {
                grant_scope = scopes.Length > 0 ? scopes : Strings(request["requested_scope"]),
                grant_access_token_audience = Strings(request["requested_access_token_audience"]),
                session = new { access_token = accessToken ?? new { }, id_token = new { } },
            });
    }

    /// <returns>Where the browser goes next: path and query.</returns>
    public Task<string> RejectConsentAsync(string challenge) =>
        AnswerAsync($"consent/reject?consent_challenge={challenge}", new { error = "access_denied", error_description = "No." });

    /// <summary>How many apps a person has let in, each time counted.</summary>
    public async Task<int> ConsentsAsync(string subject) =>
        (await (await _caller()).GetAsync($"/svc/hydra/admin/oauth2/auth/sessions/consent?subject={subject}")).Expect(200).Json.GetArrayLength();

    /// <summary>How many clients, and so API keys, a person owns.</summary>
    public async Task<int> ClientsOfAsync(string owner) =>
        (await (await _caller()).GetAsync($"{Clients}?owner={owner}")).Expect(200).Json.GetArrayLength();

    /// <summary>How many sessions Kratos keeps of a person, ended ones too.</summary>
    public async Task<int> SessionsOfAsync(string identityId) =>
        (await (await _caller()).GetAsync($"{Identities}/{identityId}/sessions")).Expect(200).Json.GetArrayLength();

    /// <summary>How many relation tuples of a namespace fit a query, for example <c>subject_id=…</c>.</summary>
    public async Task<int> TuplesAsync(string @namespace, string query) =>
        (await (await _caller()).GetAsync($"/svc/keto/relation-tuples?namespace={@namespace}&{query}")).Expect(200)["relation_tuples"].GetArrayLength();

    /// <summary>Whether Kratos knows an identity.</summary>
    public async Task<bool> ExistsAsync(string identityId) => (await (await _caller()).GetAsync($"{Identities}/{identityId}")).Status == 200;

    /// <summary>Has somebody make a document, and remembers it for the clearing up.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateDocumentAsync(Caller owner, string title = "Title")
    {
        var id = (await owner.PostAsync("/api/documents", new { title, content = "Content" })).Expect(201)["id"].GetString()!;
        _traces.Push(async () => await owner.DeleteAsync($"/api/documents/{id}"));
        return id;
    }

    /// <summary>Removes everything made through this operator, the last first.</summary>
    public async Task ClearAsync()
    {
        while (_traces.TryPop(out var remove))
        {
            await remove();
        }
    }

    private async Task<OAuth2Client> CreateClientAsync(Dictionary<string, object> client)
    {
        var id = (string)client["client_id"];
        (await (await _caller()).PostAsync(Clients, client)).Expect(201);
        _traces.Push(async () => await (await _caller()).DeleteAsync($"{Clients}/{id}"));
        return new(id, client.TryGetValue("client_secret", out var secret) ? (string)secret : null);
    }

    private async Task<string> AnswerAsync(string target, object answer) =>
        new Uri((await (await _caller()).PutAsync($"{Requests}/{target}", answer)).Expect(200)["redirect_to"].GetString()!).PathAndQuery;

    private async Task InsertAsync(string @namespace, string @object, string relation, string subject)
    {
        await PatchAsync("insert", @namespace, @object, relation, subject);
        _traces.Push(() => PatchAsync("delete", @namespace, @object, relation, subject));
    }

    private async Task PatchAsync(string action, string @namespace, string @object, string relation, string subject)
    {
        var tuple = new { @namespace, @object, relation, subject_id = subject };
        (await (await _caller()).PatchAsync(Tuples, new[] { new { action, relation_tuple = tuple } })).Expect(204);
    }

    private static string[] Strings(JsonElement array) =>
        array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray().Select(item => item.GetString()!)] : [];
}
