using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Hydra;
using NovaId.Emulator.Network;

namespace NovaId.Tests.Hydra;

/// <summary>A Hydra of its own on a private network of its own, with a clock that stands still.</summary>
internal sealed class HydraHost : IAsyncDisposable
{
    public const string Issuer = "http://localhost:4455";
    public const string Callback = "http://127.0.0.1:5000/callback";
    public const string Verifier = "a-code-verifier-that-is-long-enough-to-be-accepted";
    public const string State = "a-state-with-enough-entropy";

    private readonly HydraService _service;

    private HydraHost(HydraService service, HttpClient http, FakeTimeProvider time)
    {
        _service = service;
        Http = http;
        Time = time;
    }

    public HttpClient Http { get; }

    public FakeTimeProvider Time { get; }

    public static string Challenge => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static ServiceContext CreateContext(PrivateNetwork network, TimeProvider time, string? folder = null) => new(
        folder ?? Path.Combine(AppContext.BaseDirectory, "ory-config"),
        new Dictionary<string, string>
        {
            ["SECRETS_SYSTEM"] = "a-system-secret-of-the-tests",
            ["SECRETS_COOKIE"] = "a-cookie-secret-of-the-tests",
            ["SECRETS_PAGINATION"] = "a-pagination-secret-of-the-tests",
            ["URLS_SELF_ISSUER"] = Issuer,
            ["URLS_SELF_PUBLIC"] = Issuer,
            ["DEV"] = "true",
        },
        network,
        time,
        NullLoggerFactory.Instance);

    public static async Task<HydraHost> StartAsync(string? folder = null)
    {
        var network = new PrivateNetwork();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var service = HydraService.Create(CreateContext(network, time, folder));
        await service.StartAsync(Cancelled);
        return new HydraHost(service, new HttpClient(network.CreateHandler()), time);
    }

    public Task<HttpResponseMessage> PublicAsync(string path) => Http.GetAsync(new Uri("http://hydra:4444" + path), Cancelled);

    public Task<HttpResponseMessage> AdminAsync(HttpMethod method, string path, JsonNode? body = null) =>
        Http.SendAsync(
            new HttpRequestMessage(method, "http://hydra:4445" + path) { Content = body is null ? null : JsonContent.Create(body) },
            Cancelled);

    /// <summary>Posts a form to the public port, with the client's credentials in the header if there are any.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, (string Id, string Secret)? client, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://hydra:4444" + path) { Content = Form(form) };
        if (client is var (id, secret))
        {
            var credentials = $"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        }

        return Http.SendAsync(request, Cancelled);
    }

    public Task<HttpResponseMessage> TokenAsync((string Id, string Secret)? client, params (string Name, string Value)[] form) =>
        PostAsync("/oauth2/token", client, form);

    public async Task<JsonObject> IntrospectAsync(string token, params (string Name, string Value)[] more)
    {
        var response = await Http.PostAsync(
            new Uri("http://hydra:4445/admin/oauth2/introspect"), Form([("token", token), .. more]), Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    public async Task<bool> IsActiveAsync(string token) => (await IntrospectAsync(token))["active"]!.GetValue<bool>();

    /// <summary>Registers a client that may do everything the tests do; the changes are laid over it.</summary>
    public async Task<(string Id, string Secret)> CreateClientAsync(JsonObject? changes = null)
    {
        var body = new JsonObject
        {
            ["client_secret"] = "a client secret: with + and %",
            ["grant_types"] = new JsonArray("authorization_code", "client_credentials", "refresh_token"),
            ["response_types"] = new JsonArray("code"),
            ["redirect_uris"] = new JsonArray(Callback),
            ["scope"] = "openid offline_access novaid.read novaid.write",
            ["audience"] = new JsonArray("novaid-api"),
        };
        foreach (var (name, value) in changes ?? [])
        {
            body[name] = value?.DeepClone();
        }

        var response = await AdminAsync(HttpMethod.Post, "/admin/clients", body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var client = await ReadAsync(response);
        return (client["client_id"]!.GetValue<string>(), client["client_secret"]?.GetValue<string>() ?? "");
    }

    public async Task<JsonObject> GetTokenAsync((string Id, string Secret) client, params (string Name, string Value)[] more)
    {
        var response = await TokenAsync(client, [("grant_type", "client_credentials"), .. more]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    /// <summary>The address of an authorization request; a parameter without a value is left out.</summary>
    public static string AuthorizeUrl(string clientId, params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = clientId,
            ["response_type"] = "code",
            ["redirect_uri"] = Callback,
            ["scope"] = "openid offline_access novaid.read",
            ["audience"] = "novaid-api",
            ["state"] = State,
            ["nonce"] = "a-nonce-of-the-tests",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return Issuer + "/oauth2/auth?" + string.Join('&', parameters
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value!)}"));
    }

    public static JsonObject Consent(params string[] scopes) => new()
    {
        ["grant_scope"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]),
        ["grant_access_token_audience"] = new JsonArray("novaid-api"),
        ["session"] = new JsonObject
        {
            ["access_token"] = new JsonObject { ["tenant"] = "north" },
            ["id_token"] = new JsonObject { ["email"] = "ada@example.org", ["roles"] = new JsonArray("a", "b") },
        },
    };

    /// <summary>Goes through login and consent in a browser.</summary>
    /// <returns>Where the browser ends up.</returns>
    public async Task<Uri> AuthorizeAsync(Browser browser, string url, JsonObject? login = null, JsonObject? consent = null)
    {
        var loginPage = await browser.GetLocationAsync(url);
        var toConsent = await DecideAsync("login", loginPage, "accept", login ?? new JsonObject { ["subject"] = "ada" });
        var consentPage = await browser.GetLocationAsync(toConsent);
        var back = await DecideAsync("consent", consentPage, "accept", consent ?? Consent("openid", "offline_access", "novaid.read"));
        return await browser.GetLocationAsync(back);
    }

    /// <summary>Answers for a page: accept or reject.</summary>
    /// <returns>Where the page sends the browser.</returns>
    public async Task<string> DecideAsync(string kind, Uri page, string decision, JsonObject body)
    {
        var response = await AdminAsync(HttpMethod.Put, $"{Requests(kind)}/{decision}?{kind}_challenge={Challenged(kind, page)}", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await ReadAsync(response))["redirect_to"]!.GetValue<string>();
    }

    public async Task<JsonObject> GetRequestAsync(string kind, Uri page)
    {
        var response = await AdminAsync(HttpMethod.Get, $"{Requests(kind)}?{kind}_challenge={Challenged(kind, page)}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    /// <summary>The code of a whole authorization.</summary>
    public async Task<string> GetCodeAsync((string Id, string Secret) client, params (string Name, string? Value)[] changes) =>
        Query(await AuthorizeAsync(new Browser(Http), AuthorizeUrl(client.Id, changes)))["code"];

    public Task<HttpResponseMessage> RedeemAsync((string Id, string Secret) client, string code, string verifier = Verifier) =>
        TokenAsync(client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback), ("code_verifier", verifier));

    /// <summary>The tokens of a whole authorization.</summary>
    public async Task<JsonObject> GetTokensAsync((string Id, string Secret) client)
    {
        var response = await RedeemAsync(client, await GetCodeAsync(client));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    public static async Task<JsonObject> ReadAsync(HttpResponseMessage response) =>
        Assert.IsType<JsonObject>(JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancelled)));

    public static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode status, string error, string? description = null)
    {
        var body = await ReadAsync(response);
        Assert.Equal(error, body["error"]!.GetValue<string>());
        Assert.Equal(status, response.StatusCode);
        if (description is not null)
        {
            Assert.Contains(description, body["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    public static Dictionary<string, string> Query(Uri address) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.Query).ToDictionary(
            pair => pair.Key, pair => pair.Value.ToString());

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _service.DisposeAsync();
    }

    private static string Requests(string kind) => $"/admin/oauth2/auth/requests/{kind}";

    private static string Challenged(string kind, Uri page) => Uri.EscapeDataString(Query(page)[$"{kind}_challenge"]);

    private static FormUrlEncodedContent Form((string Name, string Value)[] form) =>
        new(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
}
