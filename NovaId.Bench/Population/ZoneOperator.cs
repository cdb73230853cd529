using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NovaId.Operator;

namespace NovaId.Bench.Population;

/// <summary>The service client <c>novaid-operator</c> at the gateway's <c>/svc</c> routes.</summary>
internal sealed class ZoneOperator(ZoneClient client, Uri gateway, OperatorAccount account)
{
    public const string Identities = "/svc/kratos/admin/identities";
    public const string Sessions = "/svc/kratos/admin/sessions";
    public const string Tuples = "/svc/keto/admin/relation-tuples";
    public const string Clients = "/svc/hydra/admin/clients";

    private const string Requests = "/svc/hydra/admin/oauth2/auth/requests";
    private const string Scopes = "kratos.identities.get kratos.identities.create kratos.identities.delete kratos.sessions.get "
        + "keto.check keto.tuples.list keto.tuples.patch hydra.introspect hydra.clients.create hydra.clients.delete hydra.login.accept hydra.consent.accept";

    /// <summary>What its requests carry.</summary>
    public string Authorization { get; private set; } = "";

    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var operators = new OperatorClient(gateway, account);
        Authorization = $"Bearer {(await operators.GetTokenAsync(Scopes, cancellationToken)).Value}";
    }

    /// <summary>A token of the client credentials grant (RFC 6749, section 4.4).</summary>
    public static async Task<string> TokenAsync(
        ZoneClient client,
        string id,
        string secret,
        string scope,
        string audience,
        CancellationToken cancellationToken)
    {
        var reply = await client.SendAsync(
            HttpMethod.Post,
            "/oauth2/token",
            200,
            form: [new("grant_type", "client_credentials"), new("scope", scope), new("audience", audience)],
            authorization: Basic(id, secret),
            cancellationToken: cancellationToken);
        return reply["access_token"];
    }

    public static string Basic(string id, string secret) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}"))}";

    /// <summary>Makes an identity; without a password, nobody can log in to it.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateIdentityAsync(string email, string? password, CancellationToken cancellationToken)
    {
        var identity = new JsonObject { ["schema_id"] = "person", ["traits"] = new JsonObject { ["email"] = email } };
        if (password is not null)
        {
            identity["credentials"] = new JsonObject { ["password"] = new JsonObject { ["config"] = new JsonObject { ["password"] = password } } };
        }

        return (await SendAsync(HttpMethod.Post, Identities, 201, identity, cancellationToken))["id"];
    }

    public Task DeleteIdentityAsync(string identity, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"{Identities}/{identity}", 204, json: null, cancellationToken);

    public Task DeleteClientAsync(string clientId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"{Clients}/{clientId}", 204, json: null, cancellationToken);

    /// <summary>Inserts or deletes tuples in one transaction.</summary>
    public Task PatchAsync(string action, IEnumerable<JsonObject> tuples, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Patch,
            Tuples,
            204,
            new JsonArray([.. tuples.Select(tuple => new JsonObject { ["action"] = action, ["relation_tuple"] = tuple })]),
            cancellationToken);

    public static JsonObject Membership(string rank, string subject) => Tuple("Rank", rank, "members", subject);

    public static JsonObject Tuple(string @namespace, string @object, string relation, string subject) =>
        new() { ["namespace"] = @namespace, ["object"] = @object, ["relation"] = relation, ["subject_id"] = subject };

    /// <summary>Registers an app that people let in.</summary>
    public async Task<(string Id, string Secret)> CreateAppAsync(string redirectUri, CancellationToken cancellationToken)
    {
        var app = (Id: $"bench-{RandomNumberGenerator.GetHexString(16, lowercase: true)}", Secret: RandomNumberGenerator.GetHexString(40, lowercase: true));
        await SendAsync(
            HttpMethod.Post,
            Clients,
            201,
            new JsonObject
            {
                ["client_id"] = app.Id,
                ["client_secret"] = app.Secret,
                ["scope"] = "novaid.read novaid.write",
                ["audience"] = new JsonArray("novaid-api"),
                ["grant_types"] = new JsonArray("authorization_code"),
                ["response_types"] = new JsonArray("code"),
                ["redirect_uris"] = new JsonArray(redirectUri),
                ["token_endpoint_auth_method"] = "client_secret_basic",
            },
            cancellationToken);
        return app;
    }

    /// <summary>Answers a login or consent request of Hydra, as the server of the pages does.</summary>
    /// <returns>Where the browser goes next.</returns>
    public async Task<Uri> AcceptAsync(string request, string challenge, JsonObject answer, CancellationToken cancellationToken) =>
        new((await SendAsync(HttpMethod.Put, $"{Requests}/{request}/accept?{request}_challenge={challenge}", 200, answer, cancellationToken))["redirect_to"]);

    private Task<ZoneReply> SendAsync(HttpMethod method, string target, int expected, JsonNode? json, CancellationToken cancellationToken) =>
        client.SendAsync(method, target, expected, json, authorization: Authorization, cancellationToken: cancellationToken);
}
