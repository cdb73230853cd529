using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NovaId.Api;
using NovaId.Api.AccessLog;
using NovaId.Api.Documents;

namespace NovaId.Tests.Api;

/// <summary>The API on a port of its own, in front of a <see cref="TestGateway"/>.</summary>
internal sealed class ApiZone : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _ownsGateway;

    private ApiZone(TestGateway gateway, WebApplication app, bool ownsGateway)
    {
        (Gateway, _app, _ownsGateway) = (gateway, app, ownsGateway);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(20) };
    }

    public TestGateway Gateway { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Starts an API.</summary>
    /// <param name="configure">Changes it.</param>
    /// <param name="storage">Its storage.</param>
    /// <param name="shared">The gateway that other APIs of the same zone have too; null for one of its own.</param>
    public static async Task<ApiZone> StartAsync(
        Action<WebApplicationBuilder>? configure = null,
        string storage = ":memory:",
        TestGateway? shared = null)
    {
        var gateway = shared ?? await TestGateway.StartAsync();
        try
        {
            var app = Create(gateway.Issuer, storage, configure);
            try
            {
                await app.StartAsync(Cancelled);
                return new ApiZone(gateway, app, shared is null);
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }
        }
        catch
        {
            if (shared is null)
            {
                await gateway.DisposeAsync();
            }

            throw;
        }
    }

    public static WebApplication Create(string gateway, string storage, Action<WebApplicationBuilder>? configure = null) =>
        ApiApplication.Create([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration.AddInMemoryCollection(
            [
                new("Gateway:Address", gateway),
                new("Gateway:ClientSecret", TestGateway.ClientSecret),
                new("Storage:Path", storage),
            ]);
            configure?.Invoke(builder);
        });

    /// <summary>Stops the API, as its host would, and leaves the gateway.</summary>
    public Task StopAsync() => _app.StopAsync(Cancelled);

    /// <summary>A request of a person with a session.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Guid person, string? body = null) =>
        SendAsync(method, path, Gateway.Sign(Gateway.SessionClaims(person.ToString())), body);

    public Task<HttpResponseMessage> GetAsync(string path, Guid person) => SendAsync(HttpMethod.Get, path, person);

    /// <summary>A request of a client for itself.</summary>
    public Task<HttpResponseMessage> SendAsClientAsync(
        HttpMethod method,
        string path,
        string client,
        string? body = null,
        string scope = "novaid.read novaid.write") =>
        SendWithAccessTokenAsync(method, path, client, client, Gateway.AddAccessToken(client, client, scope), body);

    /// <summary>A request with an access token, whatever Hydra says of it.</summary>
    public Task<HttpResponseMessage> SendWithAccessTokenAsync(
        HttpMethod method,
        string path,
        string subject,
        string client,
        string accessToken,
        string? body = null) =>
        SendAsync(
            method,
            path,
            Gateway.Sign(Gateway.OAuth2Claims(subject, client)),
            body,
            request => request.Headers.Add("X-Orig-Authorization", $"Bearer {accessToken}"));

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? idToken,
        string? body = null,
        Action<HttpRequestMessage>? configure = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (idToken is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", idToken);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        configure?.Invoke(request);
        return await Http.SendAsync(request, Cancelled);
    }

    public async Task<Guid> AddDocumentAsync(Guid owner, string title = "A title")
    {
        using var response = await SendAsync(HttpMethod.Post, "/api/documents", owner, $$"""{"title":"{{title}}","content":"A text"}""");
        return Guid.Parse((string)(await ReadAsync(response, 201))["id"]!);
    }

    /// <summary>The documents of a person and of their API keys.</summary>
    public async Task<IReadOnlyList<Document>> OwnedDocumentsAsync(Guid person) =>
        [.. (await Services.GetRequiredService<DocumentStore>().ListOwnedAsync(person, before: null, 1000, Cancelled)).Select(owned => owned.Document)];

    /// <summary>The rows of the access log, newest first.</summary>
    public async Task<IReadOnlyList<AccessLogEntry>> LogAsync()
    {
        await Services.GetRequiredService<AccessLogWriter>().FlushAsync(Cancelled);
        return await Services.GetRequiredService<AccessLogStore>().ListAsync(null, null, null, 1000, Cancelled);
    }

    /// <summary>Waits until it is ready: a database that is shared is opened behind the start.</summary>
    public async Task WaitUntilReadyAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var health = await Http.GetAsync("/health", limit.Token);
            if (health.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>The body of an answer that must have this status.</summary>
    public static async Task<JsonNode> ReadAsync(HttpResponseMessage response, int status)
    {
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True((int)response.StatusCode == status, $"Expected {status}, was {(int)response.StatusCode}: {body}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>An answer that must have this status, and be problem details where it is an error.</summary>
    public static async Task<JsonNode?> AssertStatusAsync(HttpResponseMessage response, int status)
    {
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True((int)response.StatusCode == status, $"Expected {status}, was {(int)response.StatusCode}: {body}");
        if (status < 400)
        {
            return body.Length == 0 ? null : JsonNode.Parse(body);
        }

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(body)!;
        Assert.Equal(status, (int)problem["status"]!);
        Assert.False(string.IsNullOrWhiteSpace((string?)problem["title"]));
        Assert.Matches("^[0-9a-f]{32}$", (string?)problem["traceId"]);
        Assert.DoesNotContain("127.0.0.1", body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        Assert.DoesNotContain("NovaId.Api", body, StringComparison.Ordinal);
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        if (_ownsGateway)
        {
            await Gateway.DisposeAsync();
        }
    }
}
