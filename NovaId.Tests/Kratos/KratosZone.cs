using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Kratos;
using NovaId.Emulator.Mail;
using NovaId.Emulator.Network;

namespace NovaId.Tests.Kratos;

/// <summary>Kratos alone on a private network, with a clock that the test turns.</summary>
public sealed class KratosZone : IAsyncDisposable
{
    public const string Gateway = "http://localhost:4455";
    public const string PublicAddress = Gateway + "/.ory/kratos/public/";
    public const string Password = "correct horse battery staple";

    private readonly KratosService _service;
    private readonly HttpMessageHandler _handler;

    private KratosZone(string folder, IReadOnlyDictionary<string, string>? environment)
    {
        Mailbox = new Mailbox(Time);
        _service = KratosService.Create(Context(folder, environment), Mailbox);
        _handler = Network.CreateHandler();
        Public = new HttpClient(_handler, disposeHandler: false) { BaseAddress = new Uri("http://kratos:4433") };
        Admin = new HttpClient(_handler, disposeHandler: false) { BaseAddress = new Uri("http://kratos:4434") };
    }

    public static string ConfigurationFolder => Path.Combine(AppContext.BaseDirectory, "ory-config");

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public PrivateNetwork Network { get; } = new();

    internal Mailbox Mailbox { get; }

    public HttpClient Public { get; }

    public HttpClient Admin { get; }

    public static async Task<KratosZone> StartAsync(string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var zone = new KratosZone(folder ?? ConfigurationFolder, environment);
        await zone._service.StartAsync(TestContext.Current.CancellationToken);
        return zone;
    }

    public static Dictionary<string, string> Environment() => new()
    {
        ["SECRETS_DEFAULT"] = "a default secret that is long",
        ["SECRETS_COOKIE"] = "a cookie secret that is long",
        ["SECRETS_CIPHER"] = "a cipher secret of 32 characters",
        ["SECRETS_PAGINATION"] = "a pagination secret that is long",
        ["CIPHERS_ALGORITHM"] = "xchacha20-poly1305",
        ["SERVE_PUBLIC_BASE_URL"] = PublicAddress,
        ["COOKIES_SECURE"] = "false",
        ["SESSION_COOKIE_SECURE"] = "false",
    };

    public Browser OpenBrowser() => new(Public);

    public void ExpireSession(Guid id) => _service.ExpireSession(id);

    public void ExpireCodes(Guid flowId) => _service.ExpireCodes(flowId);

    /// <summary>An identity with a password, made by an administrator.</summary>
    public async Task<JsonElement> CreatePersonAsync(string email, string password = Password, string state = "active")
    {
        using var response = await Admin.PostAsJsonAsync(
            "/admin/identities",
            new
            {
                schema_id = "person",
                state,
                traits = new { email, name = new { first = "Ada", last = "Lovelace" } },
                credentials = new { password = new { config = new { password } } },
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)response.StatusCode);
        return await response.JsonAsync();
    }

    /// <summary>The answer to an API login.</summary>
    public async Task<JsonElement> LoginAsync(string email, string password = Password)
    {
        using var response = await SubmitAsync("login", new { method = "password", identifier = email, password });
        Assert.Equal(200, (int)response.StatusCode);
        return await response.JsonAsync();
    }

    /// <summary>Starts an API flow and submits it.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string flow, object body, string? token = null)
    {
        using var start = await Public.FetchAsync($"/self-service/{flow}/api", token);
        Assert.Equal(200, (int)start.StatusCode);
        var id = (await start.JsonAsync()).Text("id");
        return await Public.PostJsonAsync($"/self-service/{flow}?flow={id}", body, token);
    }

    public async Task<HttpResponseMessage> WhoAmIAsync(string token) => await Public.FetchAsync("/sessions/whoami", token);

    public ValueTask DisposeAsync()
    {
        Public.Dispose();
        Admin.Dispose();
        _handler.Dispose();
        return _service.DisposeAsync();
    }

    /// <summary>Something in the place of Hydra's administrative port.</summary>
    public async Task<WebApplication> StartHydraAsync(RequestDelegate handler)
    {
        var app = ServiceHost.CreateBuilder(Context(ConfigurationFolder, null), "hydra", 4445).Build();
        app.Run(handler);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private ServiceContext Context(string folder, IReadOnlyDictionary<string, string>? environment) =>
        new(folder, environment ?? Environment(), Network, Time, NullLoggerFactory.Instance);
}
