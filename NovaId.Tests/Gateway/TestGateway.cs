using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using NovaId.Emulator.Gateway;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Network;

namespace NovaId.Tests.Gateway;

/// <summary>A gateway of its own for one test: a folder with its configuration, a private network and services that a test makes up.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    public const string Issuer = "http://localhost:4455";

    private readonly List<WebApplication> _services = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("novaid-gateway-");
    private GatewayService? _gateway;

    private TestGateway()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "oathkeeper"));
        Oathkeeper = RealOathkeeper;
        Rules = File.ReadAllText(Path.Combine(RealFolder, "oathkeeper", "access-rules.yml"));
        Environment = new Dictionary<string, string>
        {
            ["MUTATORS_ID_TOKEN_CONFIG_JWKS_URL"] = "file://" + Path.Combine(_folder.FullName, "id-token.jwks.json"),
            ["MUTATORS_ID_TOKEN_CONFIG_ISSUER_URL"] = Issuer,
        };
        Keys = NewKeySet();
    }

    public static string RealFolder { get; } = Path.Combine(AppContext.BaseDirectory, "ory-config");

    public static string RealOathkeeper { get; } = File.ReadAllText(Path.Combine(RealFolder, "oathkeeper", "oathkeeper.yml"));

    /// <summary>The real file with the handlers enabled that it leaves out.</summary>
    public static string EveryHandler { get; } = RealOathkeeper
        .Replace("\nauthenticators:\n", "\nauthenticators:\n  anonymous:\n    enabled: true\n  unauthorized:\n    enabled: true\n", StringComparison.Ordinal)
        .Replace("\nauthorizers:\n", "\nauthorizers:\n  deny:\n    enabled: true\n", StringComparison.Ordinal)
        .Replace("\nmutators:\n", "\nmutators:\n  noop:\n    enabled: true\n", StringComparison.Ordinal);

    public string Oathkeeper { get; set; }

    public string Rules { get; set; }

    public string Keys { get; set; }

    public Dictionary<string, string> Environment { get; }

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public PrivateNetwork Network { get; } = new();

    public IPEndPoint EndPoint { get; set; } = new(IPAddress.Loopback, 0);

    public string RulesFile => Path.Combine(_folder.FullName, "oathkeeper", "access-rules.yml");

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => _gateway!.Address;

    public static TestGateway New() => new();

    /// <summary>A rule in the file's own form, for one path.</summary>
    public static string Rule(
        string path,
        string id = "rule",
        string methods = "GET",
        string upstream = "http://api:8080",
        string more = "",
        string authenticators = "- handler: noop",
        string authorizer = "handler: allow",
        string mutators = "- handler: header",
        string tail = "") => $"""
        - id: {id}
          version: v26.2.0
          match:
            url: '<https?>://<[^/]+>{path}'
            methods: [{methods}]
          upstream:
            url: {upstream}
            {more}
          authenticators:
            {authenticators.ReplaceLineEndings("\n    ")}
          authorizer:
            {authorizer}
          mutators:
            {mutators.ReplaceLineEndings("\n    ")}
          {tail}

        """;

    public static string NewKeySet()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["use"] = "sig",
                ["kty"] = "EC",
                ["kid"] = Guid.NewGuid().ToString(),
                ["crv"] = "P-256",
                ["alg"] = "ES256",
                ["x"] = System.Buffers.Text.Base64Url.EncodeToString(parameters.Q.X),
                ["y"] = System.Buffers.Text.Base64Url.EncodeToString(parameters.Q.Y),
                ["d"] = System.Buffers.Text.Base64Url.EncodeToString(parameters.D),
            }),
        }.ToJsonString();
    }

    /// <summary>Reads the configuration as it stands now, and builds the gateway from it.</summary>
    public GatewayService Create()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "oathkeeper", "oathkeeper.yml"), Oathkeeper);
        File.WriteAllText(RulesFile, Rules);
        File.WriteAllText(Path.Combine(_folder.FullName, "id-token.jwks.json"), Keys);
        return GatewayService.Create(new ServiceContext(_folder.FullName, Environment, Network, Time, NullLoggerFactory.Instance), EndPoint);
    }

    public async Task<TestGateway> StartAsync()
    {
        _gateway = Create();
        await _gateway.StartAsync(TestContext.Current.CancellationToken);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        return this;
    }

    /// <summary>Starts a service on the private network.</summary>
    public async Task<FakeService> ServeAsync(string host, int port, Func<HttpContext, Task>? answer = null)
    {
        var fake = new FakeService(answer);
        var app = ServiceHost.CreateBuilder(
            new ServiceContext(_folder.FullName, Environment, Network, TimeProvider.System, NullLoggerFactory.Instance), host, port).Build();
        app.UseWebSockets();
        app.Run(fake.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        _services.Add(app);
        return fake;
    }

    /// <summary>Sends a request as it is written, and reads until the gateway closes the connection.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address.Host, Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        return await reader.ReadToEndAsync(limit.Token);
    }

    /// <summary>The status with which the gateway answers a GET of a target that no client library would send.</summary>
    public async Task<int> StatusOfAsync(string target, string host = "127.0.0.1")
    {
        var answer = await SendRawAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        return int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
