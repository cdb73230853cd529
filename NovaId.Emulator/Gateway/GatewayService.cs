using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Proxy;
using NovaId.Emulator.Gateway.Rules;
using NovaId.Emulator.Go;
using NovaId.Emulator.Hosting;
using Yarp.ReverseProxy.Forwarder;

namespace NovaId.Emulator.Gateway;

/// <summary>Oathkeeper in memory: the one service of the zone that listens on a socket of the machine, on the loopback alone.</summary>
internal sealed class GatewayService : IEmbeddedService
{
    private readonly WebApplication _proxy;
    private readonly WebApplication _api;
    private readonly HandlerCatalog _handlers;
    private readonly HttpMessageInvoker _client;
    private readonly IPEndPoint _endPoint;
    private readonly ConfigurationNode _port;
    private Uri? _address;

    private GatewayService(
        WebApplication proxy, WebApplication api, HandlerCatalog handlers, HttpMessageInvoker client, IPEndPoint endPoint, ConfigurationNode port)
    {
        _proxy = proxy;
        _api = api;
        _handlers = handlers;
        _client = client;
        _endPoint = endPoint;
        _port = port;
    }

    /// <summary>Where the gateway listens, once it is started.</summary>
    public Uri Address => _address ?? throw new InvalidOperationException("The gateway is not started.");

    /// <summary>Reads the configuration and builds the gateway.</summary>
    /// <param name="context">What every service starts from.</param>
    /// <param name="proxyEndPoint">Where the proxy listens: a loopback address, with port 0 for any that is free.</param>
    /// <param name="furtherRuleFiles">Files of rules that stand behind the configured ones.</param>
    public static GatewayService Create(ServiceContext context, IPEndPoint proxyEndPoint, params IEnumerable<string> furtherRuleFiles)
    {
        var configuration = GatewayConfiguration.Read(context);
        if (!IPAddress.IsLoopback(proxyEndPoint.Address))
        {
            throw configuration.Root["serve.proxy.host"].Error(
                $"must be a loopback address, not {proxyEndPoint.Address}: the embedded zone is a development tool. Use 127.0.0.1.");
        }

        var handler = context.Network.CreateHandler();
        // Values travel as the bytes that arrived.
        handler.RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8;
        handler.ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1;
        var client = new HttpMessageInvoker(handler);
        HandlerCatalog? handlers = null;
        try
        {
            handlers = new HandlerCatalog(context, configuration.Root, client);
            var rules = new RuleRepository(AccessRuleReader.Read(configuration.RuleFiles.Concat(furtherRuleFiles), handlers));
            return new GatewayService(
                BuildProxy(context, configuration, proxyEndPoint, rules, handlers, client),
                BuildApi(context, configuration, rules, handlers),
                handlers,
                client,
                proxyEndPoint,
                configuration.Root["serve.proxy.port"]);
        }
        catch
        {
            handlers?.Dispose();
            client.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _api.StartAsync(cancellationToken);
        try
        {
            await _proxy.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw _port.Error(
                $"port {_endPoint.Port} of the loopback addresses is in use. Stop the program that listens there, or choose another port with --port.");
        }

        _address = new Uri(_proxy.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _api.DisposeAsync();
        _client.Dispose();
        _handlers.Dispose();
    }

    private static WebApplication BuildProxy(
        ServiceContext context,
        GatewayConfiguration configuration,
        IPEndPoint endPoint,
        RuleRepository rules,
        HandlerCatalog handlers,
        HttpMessageInvoker client)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "NovaId.Emulator",
            EnvironmentName = Environments.Development,
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The authority of an absolute target counts, as in Oathkeeper; the rules are asked about it.
            kestrel.AllowHostHeaderOverride = true;
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.UTF8;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.Limits.RequestHeadersTimeout = configuration.Timeouts.Read;
            kestrel.Limits.KeepAliveTimeout = configuration.Timeouts.Idle;
            ServiceHost.TakeWhatGoTakes(kestrel.Limits);
            // How much is too much, and how slow too slow, is the upstream's to say; the timeouts above bound the rest.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            if (endPoint.Port == 0 || !endPoint.Address.Equals(IPAddress.Loopback))
            {
                kestrel.Listen(endPoint, listen => listen.Protocols = HttpProtocols.Http1);
                return;
            }

            // Under its name a browser may come to either loopback address.
            kestrel.ListenLocalhost(endPoint.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddHttpForwarder();
        builder.Services.Replace(ServiceDescriptor.Singleton(context.Loggers));
        var app = builder.Build();
        var proxy = new GatewayProxy(
            rules,
            configuration.Cors,
            configuration.Timeouts,
            handlers.Fallback,
            context.Network,
            client,
            app.Services.GetRequiredService<IHttpForwarder>(),
            context.Time,
            context.Loggers.CreateLogger<GatewayProxy>());
        app.Run(proxy.HandleAsync);
        return app;
    }

    private static WebApplication BuildApi(ServiceContext context, GatewayConfiguration configuration, RuleRepository rules, HandlerCatalog handlers)
    {
        var app = ServiceHost.CreateBuilder(context, configuration.Api.Host, configuration.Api.Port).Build();
        app.UseGoRequests();
        app.UsePort(configuration.Api.Port, endpoints =>
        {
            endpoints.MapGet("/.well-known/jwks.json", (RequestDelegate)(http => WriteAsync(http, new JsonObject
            {
                ["keys"] = new JsonArray([.. handlers.SigningKeys.SelectMany(set => set.PublicKeys).Select(key => key!.DeepClone())]),
            })));
            endpoints.MapGet("/health/alive", (RequestDelegate)(http => WriteAsync(http, new JsonObject { ["status"] = "ok" })));
            endpoints.MapGet("/health/ready", (RequestDelegate)(http =>
            {
                if (rules.Rules.Count > 0)
                {
                    return WriteAsync(http, new JsonObject { ["status"] = "ok" });
                }

                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return WriteAsync(http, new JsonObject { ["errors"] = new JsonObject { ["rules"] = "The requested resource could not be found" } });
            }));
        });
        return app;
    }

    private static Task WriteAsync(HttpContext http, JsonObject body)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync(body.ToJsonString() + "\n", http.RequestAborted);
    }
}
