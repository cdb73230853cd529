using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Proxy;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Network;

namespace NovaId.Emulator.Gateway;

/// <summary>What oathkeeper.yml says about the gateway itself; its handlers are in <see cref="HandlerCatalog"/>.</summary>
/// <param name="Root">The whole file.</param>
/// <param name="Api">The private name of the api listener.</param>
/// <param name="Timeouts">The limits of the proxy.</param>
/// <param name="Cors">The cross-origin policy of the proxy.</param>
/// <param name="RuleFiles">The files of access rules.</param>
internal sealed record GatewayConfiguration(
    ConfigurationNode Root,
    PrivateEndPoint Api,
    ProxyTimeouts Timeouts,
    CorsPolicy Cors,
    IReadOnlyList<string> RuleFiles)
{
    private static readonly IEnumerable<string> Honoured =
    [
        .. ProxyTimeouts.Keys.Select(key => $"serve.proxy.timeout.{key}"),
        .. CorsPolicy.Keys.Select(key => $"serve.proxy.cors.{key}"),
        "serve.proxy.trust_forwarded_headers",
        "serve.api.host", "serve.api.port",
        "access_rules.matching_strategy", "access_rules.repositories[]",
        .. HandlerCatalog.KnownKeys,
    ];

    /// <summary>Keys that can have no effect in memory.</summary>
    private static readonly string[] WithoutEffect =
    [
        // A note for the reader, and for the migration of older files.
        "version",
        // Whoever starts the zone says where on this machine it listens.
        "serve.proxy.host", "serve.proxy.port",
        // The gateway alone reaches its api listener, over memory.
        "serve.api.timeout.**",
        // Nothing collects metrics from the private network; the emulator's own telemetry serves all its services.
        "serve.prometheus.**", "tracing.**",
        // The emulator logs for all its services in one place.
        "log.**",
    ];

    public static GatewayConfiguration Read(ServiceContext context)
    {
        var path = Path.Combine(context.ConfigurationFolder, "oathkeeper", "oathkeeper.yml");
        var root = ConfigurationFile.ReadService(path, context.Environment, [.. Honoured, .. WithoutEffect], context.Address);
        root["access_rules.matching_strategy"].OneOf("regexp", "regexp");
        var trust = root["serve.proxy.trust_forwarded_headers"];
        if (trust.Boolean(false))
        {
            throw trust.Error("is true, but nothing that could be trusted stands before the embedded gateway. Set it to false.");
        }

        var host = root["serve.api.host"];
        if (host.String("") != "127.0.0.1")
        {
            throw host.Error("must be 127.0.0.1: the api listener shows every rule and answers decisions to whoever reaches it.");
        }

        var repositories = root["access_rules.repositories"];
        if (repositories.Items.Count == 0)
        {
            throw repositories.Error("must name at least one file of access rules.");
        }

        return new GatewayConfiguration(
            root,
            new PrivateEndPoint(host.RequireString(), root["serve.api.port"].Integer(4456)),
            ProxyTimeouts.From(root["serve.proxy.timeout"]),
            new CorsPolicy(root["serve.proxy.cors"]),
            [.. repositories.Items.Select(context.Resolve)]);
    }
}
