using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NovaId.Contract;
using NovaId.Contract.Drivers;
using NovaId.Emulator;

namespace NovaId.Tests.Audit;

/// <summary>A zone of which everything is remembered: each secret, each line that is logged, each span and each metric.</summary>
public sealed class WatchedZone : IZone, IAsyncDisposable
{
    private readonly Lazy<Task> _ready;
    private EmbeddedZone? _zone;

    public WatchedZone()
    {
        _ready = new(StartAsync);
    }

    internal SecretWatch Watch { get; } = new();

    internal LogStorage Storage { get; } = new();

    public string Kind => "watched emulator";

    public Uri Gateway => _zone!.Gateway;

    public Uri? Api => _zone!.Api;

    public ServiceClient Operator => ServiceClient.WithKey("novaid-operator", _zone!.OperatorKey);

    public IUpstreamRecorder? Upstream => null;

    public bool CanExpireSessions => false;

    public bool CanAgeSessions => false;

    public bool EndsWithTheTests => true;

    public async ValueTask EnsureReadyAsync() => await _ready.Value;

    public Task ExpireSessionAsync(string sessionId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AgeSessionAsync(string sessionId, TimeSpan age, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async ValueTask DisposeAsync()
    {
        if (_zone is not null)
        {
            await _zone.DisposeAsync();
        }

        Watch.Dispose();
        Storage.Dispose();
    }

    private async Task StartAsync()
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        _zone = await EmbeddedZone.StartAsync(new EmbeddedZoneOptions
        {
            GatewayPort = 0,
            ApiPort = 0,
            DemoPort = 0,
            SeedPeople = true,
            LogLevel = LogLevel.None,
            ConfigureLogging = Listen,
            ConfigureApi = builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Storage:Path"] = Storage.Path,
                    ["AccessLog:Key"] = key,
                    ["AccessLog:SegmentBytes"] = "65536",
                    ["AccessLog:MaximumSegments"] = "1000",
                    // As talkative as an operator can make it.
                    ["Logging:LogLevel:Default"] = "Trace",
                    ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
                });
                Listen(builder.Logging);
                builder.Services.AddSingleton<IStartupFilter>(new RequestWatch(Watch));
                builder.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new CallWatch(Watch)));
            },
        });
        Watch.Remember("configured", key);
        Watch.Remember("configured", _zone.Secrets.Cookie);
        Watch.Remember("configured", _zone.Secrets.Default);
        Watch.Remember("configured", _zone.Secrets.Cipher);
        Watch.Remember("configured", _zone.Secrets.Pagination);
        Watch.Remember("configured", _zone.Secrets.System);
        foreach (var own in (string[])[_zone.Secrets.ApiKey, _zone.Secrets.OperatorKey, _zone.Secrets.AccountsKey])
        {
            Watch.Remember("configured", own);
            Watch.Remember("configured", ServiceClient.WithKey("own", own).Hidden);
        }

        Watch.Remember("configured", _zone.Secrets.DemoClient);
        var signingKey = JsonNode.Parse(await File.ReadAllTextAsync(Directory.EnumerateFiles(_zone.SecretsFolder, "*.json").Single()))!;
        Watch.Remember("configured", (string?)signingKey["keys"]![0]!["d"]);
        foreach (var person in _zone.People)
        {
            Watch.Remember("password", person.Password);
        }

        var tools = ZoneTools.For(this);
        tools.Client.Observer = Watch.Observe;
    }

    private void Listen(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddProvider(Watch.Listener());
        logging.SetMinimumLevel(LogLevel.Trace);
    }

    /// <summary>Sees what reaches the API.</summary>
    private sealed class RequestWatch(SecretWatch watch) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, proceed) =>
            {
                foreach (var (name, values) in http.Request.Headers)
                {
                    foreach (var value in values.OfType<string>())
                    {
                        watch.Harvest(name, value);
                    }
                }

                await proceed(http);
            });
            next(app);
        };
    }

    /// <summary>Sees what the API asks, and the service tokens that it is given.</summary>
    private sealed class CallWatch(SecretWatch watch) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.Authorization is { } authorization)
            {
                watch.Harvest("Authorization", authorization.ToString());
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
