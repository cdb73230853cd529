using System.Net;
using NovaId.Accounts;
using NovaId.Admin;
using NovaId.Api;
using NovaId.Demo;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Hydra;
using NovaId.Emulator.Keto;
using NovaId.Emulator.Kratos;
using NovaId.Emulator.Mail;
using NovaId.Emulator.Network;
using NovaId.Emulator.Seeding;

namespace NovaId.Emulator;

/// <summary>
/// A whole zone in one process: the gateway on a loopback port, Kratos, Keto and Hydra on a <see cref="PrivateNetwork"/> that only the
/// gateway reaches, the API and the pages for people on loopback ports of their own. It reads the same <c>ory-config</c> as real Ory, keeps
/// its state in memory, and is a development tool: it refuses the Production environment.
/// </summary>
public sealed class EmbeddedZone : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly string _secretsFolder = Directory.CreateTempSubdirectory("novaid-zone-").FullName;
    private readonly ZoneAddress _address;
    private KratosService? _kratos;
    private Task _pages = Task.CompletedTask;

    private EmbeddedZone(ZoneSecrets secrets, Uri gateway, ZoneAddress address)
    {
        Secrets = secrets;
        Gateway = gateway;
        _address = address;
    }

    /// <summary>Where the gateway is reached on this machine.</summary>
    public Uri Gateway { get; }

    /// <summary>The address under which browsers know the zone; <see cref="Gateway"/> if none was chosen.</summary>
    public Uri Address => new(_address.Origin);

    /// <summary>The API's own address, on the edge side of the gateway.</summary>
    public Uri Api { get; private set; } = null!;

    /// <summary>Where browsers reach the demo, an app of somebody else; nothing answers there where no pages are served.</summary>
    public Uri Demo { get; private init; } = null!;

    /// <summary>The private key of the service client <c>novaid-operator</c>, generated for this zone: PKCS#8 in PEM.</summary>
    public string OperatorKey => Secrets.OperatorKey;

    /// <summary>A file with <see cref="OperatorKey"/> that this user alone can read, and that is gone with the zone.</summary>
    public string OperatorKeyFile => Path.Combine(_secretsFolder, "operator.pem");

    /// <summary>The private key of the service client <c>novaid-api</c>, generated for this zone, for an API in a process of its own.</summary>
    public string ApiKey => Secrets.ApiKey;

    /// <summary>Completes when the pages for people answer, which is a little later than everything else: nobody waits for them who only
    /// calls the API.</summary>
    public Task PagesReady => _pages;

    /// <summary>The people registered at the start, highest rank first.</summary>
    public IReadOnlyList<SeededPerson> People { get; private set; } = [];

    /// <summary>The private network.</summary>
    public PrivateNetwork Network { get; } = new();

    internal ZoneSecrets Secrets { get; }

    /// <summary>Where the gateway's signing key and the operator's key lie.</summary>
    internal string SecretsFolder => _secretsFolder;

    /// <summary>Starts a zone; it answers when the task completes.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Gives up and stops what had started.</param>
    /// <returns>The running zone; the caller disposes of it.</returns>
    /// <exception cref="ConfigurationException">A configuration that the zone cannot honour, or a port in use.</exception>
    /// <exception cref="InvalidOperationException">The environment is Production.</exception>
    public static async Task<EmbeddedZone> StartAsync(EmbeddedZoneOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        RefuseProduction();
        var folder = OryConfigFolder.Find(options.ConfigurationFolder);
        var gateway = new IPEndPoint(IPAddress.Loopback, PortOf(options.GatewayPort));
        var local = ZoneAddress.OnPort(gateway.Port);
        var address = local;
        if (options.Address is { } chosen && ZoneAddress.Read(chosen, out address) is { } problem)
        {
            throw new ConfigurationException("command line", 0, "--address", problem);
        }

        var zone = new EmbeddedZone(ZoneSecrets.Generate(), new Uri(local.Origin), address!)
        {
            Demo = new UriBuilder(Uri.UriSchemeHttp, IPAddress.Loopback.ToString(), PortOf(options.DemoPort)).Uri,
        };
        try
        {
            await zone.StartAsync(options, folder, gateway, cancellationToken);
            return zone;
        }
        catch
        {
            await zone.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a session run out now, as if its lifespan had passed.</summary>
    /// <param name="sessionId">The session's id.</param>
    public void ExpireSession(Guid sessionId) => _kratos!.ExpireSession(sessionId);

    /// <summary>Moves the login of a session back in time, so that what asks for a fresh one can be tried.</summary>
    /// <param name="sessionId">The session's id.</param>
    /// <param name="age">How far.</param>
    public void AgeSession(Guid sessionId, TimeSpan age) => _kratos!.AgeSession(sessionId, age);

    /// <summary>Makes the codes that were mailed for a flow of Kratos run out now, as if their lifespan had passed.</summary>
    /// <param name="flowId">The flow's id.</param>
    public void ExpireCodes(Guid flowId) => _kratos!.ExpireCodes(flowId);

    /// <summary>Stops everything, and what was started last first.</summary>
    /// <returns>A task that completes when all has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        await _pages.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }

        _parts.Clear();
        Directory.Delete(_secretsFolder, recursive: true);
    }

    private static void RefuseProduction()
    {
        foreach (var name in (string[])["DOTNET_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT"])
        {
            if (string.Equals(Environment.GetEnvironmentVariable(name), Environments.Production, StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException(
                    $"The emulator keeps everything in memory and is a development tool; {name} is Production. Run the zone on real Ory, or unset {name}.");
            }
        }
    }

    /// <summary>The addresses of the services are in their configuration before any of them listens, so a free port is chosen first.</summary>
    private static int PortOf(int port) => port == 0 ? LoopbackPorts.Take(1)[0] : port;

    private async Task StartAsync(EmbeddedZoneOptions options, string folder, IPEndPoint gateway, CancellationToken cancellationToken)
    {
        var loggers = LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(options.LogLevel).AddSimpleConsole();
            // These write addresses down, and with them challenges, verifiers and logout tokens, and tokens that somebody pasted there.
            logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
            logging.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.None);
            logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.None);
            options.ConfigureLogging?.Invoke(logging);
        });
        Keep(new Disposal(loggers));
        var gatewayForApi = options.Interpose is null ? Gateway : await options.Interpose(Network, Gateway);
        SecretFile.Write(OperatorKeyFile, Secrets.OperatorKey);
        var environments = new ServiceEnvironments(_address, Secrets, SigningKey.WriteTo(_secretsFolder));
        ServiceContext Context(IReadOnlyDictionary<string, string> environment) =>
            new(folder, environment, Network, options.Time ?? TimeProvider.System, loggers) { Address = _address };

        // Nothing here waits for anything that it does not need: the API asks the gateway only when somebody asks the API.
        var api = Task.Run(() => StartApiAsync(options, gatewayForApi, cancellationToken), cancellationToken);
        var seed = Task.Run(
            async () =>
            {
                await StartServicesAsync(options, Context, environments, gateway, cancellationToken);
                return await new ZoneSeed(Network, Gateway, Address, folder, Secrets, Demo).RunAsync(options.SeedPeople, options.Password, cancellationToken);
            },
            cancellationToken);
        await Task.WhenAll(api, seed);
        People = await seed;
        _pages = options.ServePages ? Task.Run(() => StartPagesAsync(options, gatewayForApi, cancellationToken), cancellationToken) : Task.CompletedTask;
    }

    private async Task StartServicesAsync(
        EmbeddedZoneOptions options,
        Func<IReadOnlyDictionary<string, string>, ServiceContext> context,
        ServiceEnvironments environments,
        IPEndPoint gateway,
        CancellationToken cancellationToken)
    {
        var mailbox = new Mailbox(options.Time ?? TimeProvider.System);
        if (options.MailAnnouncements is { } writer)
        {
            mailbox.Received = new MailAnnouncer(writer).Announce;
        }

        // Reading the configuration is the longest part of a start, and the four do not need one another for it.
        var keto = Task.Run(() => KetoService.Create(context(environments.Keto)), cancellationToken);
        var kratos = Task.Run(() => KratosService.Create(context(environments.Kratos), mailbox), cancellationToken);
        var hydra = Task.Run(() => HydraService.Create(context(environments.Hydra)), cancellationToken);
        var oathkeeper = Task.Run(() => CreateGateway(context(environments.Oathkeeper), gateway), cancellationToken);
        await Task.WhenAll(keto, kratos, hydra, oathkeeper);
        _kratos = await kratos;
        var mail = MailService.Create(context(new Dictionary<string, string>()), mailbox);
        IEmbeddedService[] services = [await keto, _kratos, await hydra, mail, await oathkeeper];
        foreach (var service in services)
        {
            Keep(service);
        }

        await Task.WhenAll(services.Select(service => service.StartAsync(cancellationToken)));
    }

    private static GatewayService CreateGateway(ServiceContext context, IPEndPoint endPoint) =>
        GatewayService.Create(context, endPoint, Path.Combine(context.ConfigurationFolder, "oathkeeper", MailService.RuleFile));

    private async Task StartApiAsync(EmbeddedZoneOptions options, Uri gateway, CancellationToken cancellationToken)
    {
        if (options.ExternalApi is { } external)
        {
            RouteApi(options, external);
            return;
        }

        var api = ApiApplication.Create([], builder =>
        {
            // As the whole emulator is: the API tells the way of each request.
            builder.Environment.EnvironmentName = Environments.Development;
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Gateway:Address"] = gateway.ToString(),
                ["Gateway:Issuer"] = _address.Origin,
                ["Gateway:ClientKey"] = Secrets.ApiKey,
                ["Storage:Path"] = ":memory:",
                // What is kept in memory must not grow with every request.
                ["AccessLog:SegmentBytes"] = "16777216",
                ["AccessLog:MaximumSegments"] = "4",
            });
            builder.Logging.SetMinimumLevel(options.LogLevel);
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.ApiPort));
            options.ConfigureApi?.Invoke(builder);
        });
        Keep(api);
        try
        {
            await api.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new ConfigurationException(
                "command line", 0, "--api-port", $"127.0.0.1:{options.ApiPort} is in use. Stop what listens there or choose another port. ({exception.Message})");
        }

        RouteApi(options, new IPEndPoint(IPAddress.Loopback, new Uri(api.Urls.Single()).Port));
    }

    /// <summary>The pages for people, on the edge side of the gateway as the API is; and the demo, which nothing leads to but its own
    /// address.</summary>
    private Task StartPagesAsync(EmbeddedZoneOptions options, Uri gateway, CancellationToken cancellationToken)
    {
        return Task.WhenAll(
            StartAsync(AccountsApplication.Create, new() { ["Gateway:ClientKey"] = Secrets.AccountsKey }, 0, ("accounts", 8081)),
            StartAsync(AdminApplication.Create, [], 0, ("admin", 8082)),
            StartAsync(DemoApplication.Create, new() { ["Demo:Address"] = Demo.GetLeftPart(UriPartial.Authority), ["Demo:ClientSecret"] = Secrets.DemoClient }, Demo.Port, null));

        Task StartAsync(
            Func<string[], Action<WebApplicationBuilder>, WebApplication> create, Dictionary<string, string?> settings, int port, (string Name, int Port)? route) => Task.Run(
            async () =>
            {
                settings["Gateway:Address"] = gateway.GetLeftPart(UriPartial.Authority);
                settings["Gateway:PublicAddress"] = _address.Origin;
                var pages = create([], builder =>
                {
                    builder.Configuration.AddInMemoryCollection(settings);
                    builder.Logging.SetMinimumLevel(options.LogLevel);
                    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
                });
                Keep(pages);
                try
                {
                    await pages.StartAsync(cancellationToken);
                }
                catch (IOException exception) when (port != 0)
                {
                    throw new ConfigurationException(
                        "command line", 0, "--demo-port", $"127.0.0.1:{port} is in use. Stop what listens there or choose another port. ({exception.Message})");
                }

                if (route is { } behind)
                {
                    Network.Route(behind.Name, behind.Port, new IPEndPoint(IPAddress.Loopback, new Uri(pages.Urls.Single()).Port));
                }
            },
            cancellationToken);
    }

    private void RouteApi(EmbeddedZoneOptions options, IPEndPoint api)
    {
        Api = new Uri($"http://{api}");
        Network.Route("api", 8080, options.ApiUpstream?.Invoke(api) ?? api);
    }

    private void Keep(IAsyncDisposable part)
    {
        lock (_parts)
        {
            _parts.Add(part);
        }
    }

    private sealed class Disposal(IDisposable inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            inner.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
