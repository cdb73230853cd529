using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Tests.Api;

/// <summary>
/// Stands in for the gateway and what is behind it: signs id_tokens, publishes its key, gives service tokens and answers the /svc routes as
/// Ory does, from people and tuples that a test sets up. Any answer can be replaced, and every call is remembered.
/// </summary>
internal sealed class TestGateway : IAsyncDisposable
{
    public const string ClientSecret = "the secret of the API";

    private static readonly string[] Ranks = ["General", "Colonel", "Major", "Captain", "Lieutenant", "Sergeant", "Corporal", "Private"];

    private static readonly Dictionary<string, string> RankOfCapability = new()
    {
        ["users.view"] = "Sergeant",
        ["logs.view"] = "Major",
        ["users.edit"] = "Major",
        ["ranks.assign"] = "Major",
        ["users.deactivate"] = "Colonel",
        ["permissions.manage"] = "Colonel",
        ["keys.manage"] = "General",
    };

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<GatewayCall> _calls = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _serviceTokens = new();
    private readonly Lock _lock = new();
    private int _tokenNumber;

    private TestGateway(WebApplication app) => _app = app;

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string KeyId { get; set; } = "gateway-key-1";

    public Uri Address => new(_app.Urls.First());

    public string Issuer => Address.ToString().TrimEnd('/');

    /// <summary>How long a service token lives.</summary>
    public int TokenLifetime { get; set; } = 600;

    /// <summary>How long each /svc route takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Answers in place of the gateway; returns false to let it answer.</summary>
    public Func<HttpContext, Task<bool>>? Intercept { get; set; }

    /// <summary>Whether a request for a token comes from the API; null where that is told by its secret.</summary>
    public Predicate<GatewayCall>? IsProved { get; set; }

    public Dictionary<Guid, JsonObject> Identities { get; } = [];

    /// <summary>The sessions that id_tokens were made of, without their identity.</summary>
    public Dictionary<Guid, JsonObject> Sessions { get; } = [];

    public List<JsonObject> Tuples { get; } = [];

    public Dictionary<string, JsonObject> Clients { get; } = [];

    /// <summary>What Hydra says of access tokens; of any other it says that it is not active.</summary>
    public Dictionary<string, JsonObject> AccessTokens { get; } = [];

    public HashSet<Guid> SessionsDeleted { get; } = [];

    /// <summary>What people consented to, as Hydra lists it.</summary>
    public List<JsonObject> Consents { get; } = [];

    public HashSet<string> LoginsRevoked { get; } = [];

    public IReadOnlyList<GatewayCall> Calls => [.. _calls];

    /// <summary>The calls of services: not those for the key and the service token.</summary>
    public IReadOnlyList<GatewayCall> ServiceCalls => [.. _calls.Where(call => call.Service != "gateway")];

    public IReadOnlyList<GatewayCall> TokenRequests => [.. _calls.Where(call => call.Path == "/oauth2/token")];

    public IReadOnlyList<GatewayCall> KeyRequests => [.. _calls.Where(call => call.Path == "/gw/.well-known/jwks.json")];

    public static async Task<TestGateway> StartAsync(string address = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address).ConfigureKestrel(kestrel =>
        {
            kestrel.AllowSynchronousIO = true;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        var gateway = new TestGateway(app);
        app.Run(gateway.HandleAsync);
        await app.StartAsync();
        return gateway;
    }

    public void ForgetCalls() => _calls.Clear();

    public void RevokeServiceTokens() => _serviceTokens.Clear();

    public Guid AddPerson(string? rank = null, string state = "active")
    {
        var id = Guid.NewGuid();
        lock (_lock)
        {
            Identities[id] = new JsonObject
            {
                ["id"] = id.ToString(),
                ["schema_id"] = "person",
                ["state"] = state,
                ["traits"] = new JsonObject { ["email"] = $"{id:N}@example.org", ["name"] = new JsonObject { ["first"] = "Ada" } },
                ["created_at"] = "2026-01-02T03:04:05.123456Z",
                ["updated_at"] = "2026-01-02T03:04:05.123456Z",
            };
        }

        if (rank is not null)
        {
            AddTuple("Rank", rank, "members", id.ToString());
        }

        return id;
    }

    public void AddTuple(string @namespace, string @object, string relation, string subject)
    {
        lock (_lock)
        {
            Tuples.Add(new JsonObject
            {
                ["namespace"] = @namespace,
                ["object"] = @object,
                ["relation"] = relation,
                ["subject_id"] = subject,
            });
        }
    }

    public bool HasTuple(string @namespace, string @object, string relation, string subject)
    {
        lock (_lock)
        {
            return Tuples.Any(tuple => Is(tuple, @namespace, @object, relation) && (string?)tuple["subject_id"] == subject);
        }
    }

    public IReadOnlyList<string> RanksOf(Guid person)
    {
        lock (_lock)
        {
            return [.. Tuples.Where(tuple => (string?)tuple["namespace"] == "Rank" && (string?)tuple["subject_id"] == person.ToString())
                .Select(tuple => (string)tuple["object"]!)];
        }
    }

    /// <summary>An access token that Hydra knows.</summary>
    public string AddAccessToken(string subject, string client, string scope = "novaid.read novaid.write", string audience = "novaid-api", string use = "access_token")
    {
        var token = $"ory_at_{Guid.NewGuid():N}";
        lock (_lock)
        {
            AccessTokens[token] = new JsonObject
            {
                ["active"] = true,
                ["token_use"] = use,
                ["sub"] = subject,
                ["client_id"] = client,
                ["scope"] = scope,
                ["aud"] = new JsonArray(audience),
                ["exp"] = DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds(),
                ["iss"] = Issuer,
            };
        }

        return token;
    }

    /// <summary>The claims of an id_token for a new session.</summary>
    public JsonObject SessionClaims(string subject)
    {
        var id = Guid.NewGuid();
        lock (_lock)
        {
            Sessions[id] = new JsonObject
            {
                ["id"] = id.ToString(),
                ["active"] = true,
                ["expires_at"] = DateTimeOffset.UtcNow.AddHours(12).ToString("O"),
                ["authenticator_assurance_level"] = "aal1",
                ["authenticated_at"] = DateTimeOffset.UtcNow.ToString("O"),
                ["issued_at"] = DateTimeOffset.UtcNow.ToString("O"),
                ["authentication_methods"] = new JsonArray(new JsonObject { ["method"] = "password", ["aal"] = "aal1" }),
                ["identity"] = subject,
                ["devices"] = new JsonArray(),
            };
        }

        return Claims(subject, new JsonObject { ["auth_method"] = "session", ["sid"] = id.ToString(), ["acr"] = "aal1" });
    }

    /// <summary>Changes the session that these claims are of.</summary>
    public JsonObject SessionOf(JsonObject claims) => Sessions[Guid.Parse((string)claims["sid"]!)];

    /// <summary>Says how long ago, and how strongly, the login of a session was.</summary>
    public JsonObject SessionClaims(string subject, TimeSpan age, string level = "aal1")
    {
        var claims = SessionClaims(subject);
        var session = SessionOf(claims);
        session["authenticated_at"] = (DateTimeOffset.UtcNow - age).ToString("O");
        session["authenticator_assurance_level"] = level;
        return claims;
    }

    /// <summary>Sets up a credential.</summary>
    public void AddCredential(Guid person, string type)
    {
        lock (_lock)
        {
            var identity = Identities[person];
            var credentials = identity["credentials"] as JsonObject;
            if (credentials is null)
            {
                identity["credentials"] = credentials = [];
            }

            credentials[type] = new JsonObject { ["type"] = type, ["identifiers"] = new JsonArray(), ["created_at"] = "2026-01-02T03:04:05Z" };
        }
    }

    /// <summary>An app that somebody let in.</summary>
    public void AddConsent(string subject, string client, string name, string handledAt, params string[] scopes)
    {
        lock (_lock)
        {
            Consents.Add(new JsonObject
            {
                ["grant_scope"] = new JsonArray([.. scopes.Select(scope => (JsonNode)scope)]),
                ["grant_access_token_audience"] = new JsonArray("novaid-api"),
                ["handled_at"] = handledAt,
                ["consent_request"] = new JsonObject
                {
                    ["subject"] = subject,
                    ["client"] = new JsonObject { ["client_id"] = client, ["client_name"] = name, ["client_uri"] = "https://app.example" },
                },
            });
        }
    }

    /// <summary>The claims of an id_token for an access token.</summary>
    public JsonObject OAuth2Claims(string subject, string client, string scope = "novaid.read novaid.write") => Claims(subject, new JsonObject
    {
        ["auth_method"] = "oauth2",
        ["client_id"] = client,
        ["scope"] = scope,
    });

    public string Sign(JsonObject claims, JsonObject? header = null)
    {
        header ??= new JsonObject { ["alg"] = "ES256", ["kid"] = KeyId, ["typ"] = "JWT" };
        var content = $"{Encode(header)}.{Encode(claims)}";
        return $"{content}.{Base64UrlEncoder.Encode(Key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    public static string Encode(JsonObject part) => Base64UrlEncoder.Encode(part.ToJsonString());

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        Key.Dispose();
    }

    private JsonObject Claims(string subject, JsonObject own)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        own["iss"] = Issuer;
        own["sub"] = subject;
        own["aud"] = new JsonArray("novaid-api");
        own["iat"] = now;
        own["nbf"] = now;
        own["exp"] = now + 120;
        own["jti"] = Guid.NewGuid().ToString();
        return own;
    }

    private async Task HandleAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var call = new GatewayCall
        {
            Method = http.Request.Method,
            Path = http.Request.Path.Value!,
            Query = http.Request.QueryString.Value!,
            Body = await reader.ReadToEndAsync(),
            Authorization = http.Request.Headers.Authorization,
            TraceParent = http.Request.Headers["traceparent"],
            Start = Stopwatch.GetTimestamp(),
        };
        _calls.Enqueue(call);
        try
        {
            if (Intercept is not null && await Intercept(http))
            {
                return;
            }

            await AnswerAsync(http, call);
        }
        finally
        {
            call.End = Stopwatch.GetTimestamp();
        }
    }

    private async Task AnswerAsync(HttpContext http, GatewayCall call)
    {
        switch (call.Path)
        {
            case "/gw/.well-known/jwks.json":
                await WriteAsync(http, PublicKeys());
                return;
            case "/oauth2/token":
                await TokenAsync(http, call);
                return;
        }

        if (call.Service == "gateway")
        {
            http.Response.StatusCode = 404;
            return;
        }

        if (call.Authorization is not ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token]
            || !_serviceTokens.TryGetValue(token, out var expiry)
            || expiry < DateTimeOffset.UtcNow)
        {
            await WriteAsync(http, new JsonObject { ["error"] = new JsonObject { ["code"] = 401 } }, 401);
            return;
        }

        await Task.Delay(Delay, http.RequestAborted);
        var (status, body) = Serve(http, call);
        if (body is null)
        {
            http.Response.StatusCode = status;
        }
        else
        {
            await WriteAsync(http, body, status);
        }
    }

    private async Task TokenAsync(HttpContext http, GatewayCall call)
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"novaid-api:{WebUtility.UrlEncode(ClientSecret)}"));
        if (!(IsProved?.Invoke(call) ?? call.Authorization == $"Basic {basic}") || !call.Body.Contains("audience=novaid-gateway", StringComparison.Ordinal))
        {
            await WriteAsync(http, new JsonObject { ["error"] = "invalid_client" }, 401);
            return;
        }

        await Task.Delay(Delay);
        var token = $"service-token-{Interlocked.Increment(ref _tokenNumber)}";
        _serviceTokens[token] = DateTimeOffset.UtcNow.AddSeconds(TokenLifetime);
        await WriteAsync(http, new JsonObject
        {
            ["access_token"] = token,
            ["token_type"] = "bearer",
            ["expires_in"] = TokenLifetime,
            ["scope"] = "keto.check",
        });
    }

    private JsonObject PublicKeys()
    {
        var point = Key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject { ["kty"] = "oct", ["kid"] = "symmetric", ["alg"] = "HS256", ["k"] = "c2VjcmV0" },
                new JsonObject
                {
                    ["kty"] = "EC",
                    ["crv"] = "P-256",
                    ["use"] = "sig",
                    ["alg"] = "ES256",
                    ["kid"] = KeyId,
                    ["x"] = Base64UrlEncoder.Encode(point.X),
                    ["y"] = Base64UrlEncoder.Encode(point.Y),
                }),
        };
    }

    private (int Status, JsonNode? Body) Serve(HttpContext http, GatewayCall call)
    {
        const string Identity = "/svc/kratos/admin/identities/";
        const string Session = "/svc/kratos/admin/sessions/";
        const string Client = "/svc/hydra/admin/clients/";
        lock (_lock)
        {
            return (call.Method, call.Path) switch
            {
                ("GET", "/svc/kratos/admin/identities") => ListIdentities(http),
                ("GET", var path) when path.StartsWith(Identity, StringComparison.Ordinal) => FindIdentity(path[Identity.Length..]),
                ("GET", var path) when path.StartsWith(Session, StringComparison.Ordinal) => FindSession(path[Session.Length..], http),
                ("PATCH", var path) when path.StartsWith(Identity, StringComparison.Ordinal) => PatchIdentity(path[Identity.Length..], call.Body),
                ("DELETE", var path) when path.StartsWith(Identity, StringComparison.Ordinal) => DeleteOfIdentity(path[Identity.Length..]),
                ("DELETE", var path) when path.StartsWith(Session, StringComparison.Ordinal) => RevokeSession(path[Session.Length..]),
                ("POST", "/svc/kratos/admin/recovery/code") => CreateRecoveryCode(call.Body),
                ("GET", "/svc/hydra/admin/oauth2/auth/sessions/consent") => ListConsents(http),
                ("DELETE", "/svc/hydra/admin/oauth2/auth/sessions/consent") => RevokeConsents(http),
                ("DELETE", "/svc/hydra/admin/oauth2/auth/sessions/login") => RevokeLogins(http),
                ("POST", "/svc/keto/relation-tuples/batch/check") => BatchCheck(call.Body),
                ("GET", "/svc/keto/relation-tuples") => ListTuples(http),
                ("PATCH", "/svc/keto/admin/relation-tuples") => PatchTuples(call.Body),
                ("POST", "/svc/hydra/admin/oauth2/introspect") => Introspect(call.Body),
                ("GET", "/svc/hydra/admin/clients") => ListClients(http),
                ("POST", "/svc/hydra/admin/clients") => CreateClient(call.Body),
                ("DELETE", var path) when path.StartsWith(Client, StringComparison.Ordinal) => (Clients.Remove(path[Client.Length..]) ? 204 : 404, null),
                _ => (404, null),
            };
        }
    }

    private (int, JsonNode?) ListIdentities(HttpContext http)
    {
        var ids = http.Request.Query["ids"];
        if (ids.Count > 0)
        {
            return (200, new JsonArray([.. ids.Select(id => Identities.GetValueOrDefault(Guid.Parse(id!))).OfType<JsonObject>().Select(one => one.DeepClone())]));
        }

        var token = http.Request.Query["page_token"].ToString();
        if (token.Length > 0 && !Guid.TryParse(token, out _))
        {
            return (400, new JsonObject());
        }

        var size = int.Parse(http.Request.Query["page_size"]!, System.Globalization.CultureInfo.InvariantCulture);
        var rest = Identities.OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal)
            .Where(pair => string.CompareOrdinal(pair.Key.ToString(), token) > 0).ToList();
        var page = rest.Take(size).ToList();
        var first = "</admin/identities?page_size=1&page_token=00000000-0000-0000-0000-000000000000>; rel=\"first\"";
        http.Response.Headers.Link = rest.Count > size
            ? $"{first},</admin/identities?page_size={size}&page_token={page[^1].Key}>; rel=\"next\""
            : first;
        return (200, new JsonArray([.. page.Select(pair => pair.Value.DeepClone())]));
    }

    private (int, JsonNode?) FindIdentity(string path) => path.EndsWith("/sessions", StringComparison.Ordinal)
        ? (200, new JsonArray([.. Sessions.Values.Where(session => (string?)session["identity"] == path[..36] && (bool)session["active"]!).Select(WithIdentity)]))
        : FindOne(path);

    private (int, JsonNode?) FindOne(string id) =>
        Identities.TryGetValue(Guid.Parse(id), out var identity) ? (200, identity.DeepClone()) : (404, new JsonObject());

    /// <summary>As Kratos does: a session goes with its identity, and is not active where that is not.</summary>
    private (int, JsonNode?) FindSession(string id, HttpContext http)
    {
        Assert.Equal("identity", http.Request.Query["expand"]);
        if (!Sessions.TryGetValue(Guid.Parse(id), out var session)
            || !Guid.TryParse((string?)session["identity"], out var owner)
            || !Identities.ContainsKey(owner))
        {
            return (404, new JsonObject());
        }

        return (200, WithIdentity(session));
    }

    private JsonObject WithIdentity(JsonObject session)
    {
        var identity = Identities[Guid.Parse((string)session["identity"]!)];
        var answer = session.DeepClone().AsObject();
        answer["identity"] = identity.DeepClone();
        answer["identity"]!.AsObject().Remove("credentials");
        answer["active"] = (bool)session["active"]! && (string?)identity["state"] == "active";
        return answer;
    }

    private (int, JsonNode?) PatchIdentity(string id, string body)
    {
        if (!Identities.TryGetValue(Guid.Parse(id), out var identity))
        {
            return (404, new JsonObject());
        }

        foreach (var operation in JsonNode.Parse(body)!.AsArray())
        {
            if ((string?)operation!["path"] == "/metadata_public")
            {
                identity["metadata_public"] = operation["value"]!.DeepClone();
                continue;
            }

            Assert.Equal("replace", (string?)operation["op"]);
            Assert.Equal("/state", (string?)operation["path"]);
            identity["state"] = (string)operation["value"]!;
        }

        return (200, identity.DeepClone());
    }

    private (int, JsonNode?) DeleteOfIdentity(string path)
    {
        var id = Guid.Parse(path[..36]);
        switch (path[36..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case []:
                foreach (var session in Sessions.Where(pair => (string?)pair.Value["identity"] == id.ToString()).Select(pair => pair.Key).ToList())
                {
                    Sessions.Remove(session);
                }

                return (Identities.Remove(id) ? 204 : 404, null);
            case ["credentials", var type]:
                return ((Identities.GetValueOrDefault(id)?["credentials"] as JsonObject)?.Remove(type) == true ? 204 : 404, null);
            default:
                SessionsDeleted.Add(id);
                return (204, null);
        }
    }

    private (int, JsonNode?) RevokeSession(string id)
    {
        if (!Sessions.TryGetValue(Guid.Parse(id), out var session))
        {
            return (404, new JsonObject());
        }

        session["active"] = false;
        return (204, null);
    }

    private (int, JsonNode?) CreateRecoveryCode(string body) =>
        Identities.ContainsKey(Guid.Parse((string)JsonNode.Parse(body)!["identity_id"]!))
            ? (201, new JsonObject
            {
                ["recovery_code"] = "123456",
                ["recovery_link"] = $"{Issuer}/recovery?flow={Guid.NewGuid()}",
                ["expires_at"] = DateTimeOffset.UtcNow.AddMinutes(15).ToString("O"),
            })
            : (404, new JsonObject());

    private (int, JsonNode?) ListConsents(HttpContext http) => (200, new JsonArray(
        [.. Consents.Where(consent => (string?)consent["consent_request"]!["subject"] == http.Request.Query["subject"]).Select(consent => consent.DeepClone())]));

    private (int, JsonNode?) RevokeConsents(HttpContext http)
    {
        var (subject, client) = (http.Request.Query["subject"].ToString(), http.Request.Query["client"].ToString());
        Assert.NotEqual(client.Length > 0, http.Request.Query["all"] == "true");
        Consents.RemoveAll(consent => (string?)consent["consent_request"]!["subject"] == subject
            && (client.Length == 0 || (string?)consent["consent_request"]!["client"]!["client_id"] == client));
        return (204, null);
    }

    private (int, JsonNode?) RevokeLogins(HttpContext http)
    {
        LoginsRevoked.Add(http.Request.Query["subject"].ToString());
        return (204, null);
    }

    private (int, JsonNode?) BatchCheck(string body)
    {
        var tuples = JsonNode.Parse(body)!["tuples"]!.AsArray();
        return tuples.Count > 50
            ? (400, new JsonObject())
            : (200, new JsonObject
            {
                ["results"] = new JsonArray([.. tuples.Select(tuple => new JsonObject { ["allowed"] = IsAllowed(tuple!.AsObject()), ["error"] = "" })]),
            });
    }

    /// <summary>The permits of the OPL, in short.</summary>
    private bool IsAllowed(JsonObject question)
    {
        var @object = (string)question["object"]!;
        var subject = (string)question["subject_id"]!;
        return ((string?)question["namespace"], (string?)question["relation"]) switch
        {
            ("Rank", "atLeast") => Held(subject).Any(level => level <= Array.IndexOf(Ranks, @object)),
            ("Rank", "commands") => Held(subject).Any(level => level < Array.IndexOf(Ranks, @object)),
            ("Capability", "allow") => Stands("Capability", "granted")
                || (RankOfCapability.TryGetValue(@object, out var rank) && Held(subject).Any(level => level <= Array.IndexOf(Ranks, rank))),
            ("Document", "view") => Stands("Document", "owners") || Stands("Document", "editors") || Stands("Document", "viewers") || HasMinimumRank(),
            ("Document", "edit") => Stands("Document", "owners") || Stands("Document", "editors"),
            ("Document", "delete") => Stands("Document", "owners"),
            _ => false,
        };

        bool Stands(string @namespace, string relation) => Tuples.Any(tuple => Is(tuple, @namespace, @object, relation)
            && ((string?)tuple["subject_id"] == subject
                || (tuple["subject_set"] is { } set && Held(subject).Contains(Array.IndexOf(Ranks, (string?)set["object"])))));

        bool HasMinimumRank() => Tuples.Any(tuple => Is(tuple, "Document", @object, "minimumRank")
            && Held(subject).Any(level => level <= Array.IndexOf(Ranks, (string?)tuple["subject_set"]!["object"])));
    }

    private IEnumerable<int> Held(string subject) => Tuples
        .Where(tuple => (string?)tuple["namespace"] == "Rank" && (string?)tuple["relation"] == "members" && (string?)tuple["subject_id"] == subject)
        .Select(tuple => Array.IndexOf(Ranks, (string?)tuple["object"]));

    private (int, JsonNode?) ListTuples(HttpContext http)
    {
        var query = http.Request.Query;
        var token = query["page_token"].ToString();
        if (token.Length > 0 && !token.StartsWith("page", StringComparison.Ordinal))
        {
            return (400, new JsonObject());
        }

        var skip = token.Length > 0 ? int.Parse(token[4..], System.Globalization.CultureInfo.InvariantCulture) : 0;
        var size = int.Parse(query["page_size"]!, System.Globalization.CultureInfo.InvariantCulture);
        var found = Tuples.Where(tuple => new[] { "namespace", "object", "relation", "subject_id" }
            .All(part => query[part].Count == 0 || (string?)tuple[part] == query[part])).ToList();
        return (200, new JsonObject
        {
            ["relation_tuples"] = new JsonArray([.. found.Skip(skip).Take(size).Select(tuple => tuple.DeepClone())]),
            ["next_page_token"] = found.Count > skip + size ? $"page{skip + size}" : "",
        });
    }

    private (int, JsonNode?) PatchTuples(string body)
    {
        foreach (var delta in JsonNode.Parse(body)!.AsArray())
        {
            var tuple = delta!["relation_tuple"]!.DeepClone().AsObject();
            if ((string?)delta["action"] == "insert")
            {
                Tuples.Add(tuple);
            }
            else
            {
                Assert.Equal("delete", (string?)delta["action"]);
                Tuples.RemoveAll(one => JsonNode.DeepEquals(one, tuple));
            }
        }

        return (204, null);
    }

    private (int, JsonNode?) Introspect(string body)
    {
        var token = WebUtility.UrlDecode(body["token=".Length..]);
        return (200, AccessTokens.TryGetValue(token, out var known) ? known.DeepClone() : new JsonObject { ["active"] = false });
    }

    private (int, JsonNode?) ListClients(HttpContext http)
    {
        var owner = http.Request.Query["owner"].ToString();
        return (200, new JsonArray([.. Clients.Values.Where(client => (string?)client["owner"] == owner).Select(WithoutSecret)]));
    }

    private (int, JsonNode?) CreateClient(string body)
    {
        var client = JsonNode.Parse(body)!.AsObject();
        client["created_at"] = "2026-01-02T03:04:05Z";
        Clients[(string)client["client_id"]!] = client;
        return (201, client.DeepClone());
    }

    private static JsonObject WithoutSecret(JsonObject client)
    {
        var copy = client.DeepClone().AsObject();
        copy.Remove("client_secret");
        return copy;
    }

    private static bool Is(JsonObject tuple, string @namespace, string @object, string relation) =>
        (string?)tuple["namespace"] == @namespace && (string?)tuple["object"] == @object && (string?)tuple["relation"] == relation;

    private static async Task WriteAsync(HttpContext http, JsonNode body, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.WriteAsync(body.ToJsonString());
    }
}
