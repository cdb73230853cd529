using NovaId.Emulator.Configuration;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Keto.Opl;

namespace NovaId.Emulator.Keto;

/// <summary>What keto.yml and its environment say.</summary>
internal sealed record KetoSettings(
    int ReadPort,
    int WritePort,
    int? SyntaxPort,
    int MaxDepth,
    int MaxWidth,
    int MaxBatchSize,
    IReadOnlyList<string> PaginationSecrets,
    NamespaceSet Namespaces)
{
    /// <summary>The version of Keto whose behaviour this is.</summary>
    public const string Version = "v26.2.0";

    private const int MinSecretLength = 16;

    private static readonly string[] Honoured =
    [
        "version",
        "namespaces.location",
        "serve.read.host",
        "serve.read.port",
        "serve.write.host",
        "serve.write.port",
        "serve.opl.host",
        "serve.opl.port",
        "serve.metrics.host",
        "serve.metrics.port",
        "limit.max_read_depth",
        "limit.max_read_width",
        "limit.max_batch_check_size",
        "secrets.pagination",
        "secrets.pagination[]",
    ];

    /// <summary>Keys that can have no effect here: there is no database, the zone does the logging, and a check that waits for nothing
    /// gains nothing from running beside another.</summary>
    private static readonly string[] WithoutEffect =
    [
        "dsn",
        "log.level",
        "log.format",
        "log.leak_sensitive_values",
        "limit.batch_check_max_parallelization",
    ];

    public static KetoSettings Read(ServiceContext context)
    {
        var file = Path.Combine(context.ConfigurationFolder, "keto", "keto.yml");
        var root = ConfigurationFile.ReadService(file, context.Environment, [.. Honoured, .. WithoutEffect], context.Address);
        root["version"].OneOf(Version, Version);
        if (!IsLoopback(root["serve.metrics.host"]))
        {
            throw root["serve.metrics.host"].Error("opens the metrics, which the emulator's Keto does not have. Set it to 127.0.0.1.");
        }

        return new KetoSettings(
            RequirePort(root, "read", 4466),
            RequirePort(root, "write", 4467),
            IsLoopback(root["serve.opl.host"]) ? null : Limit(root["serve.opl.port"], 4469),
            Limit(root["limit.max_read_depth"], 5),
            Limit(root["limit.max_read_width"], 100),
            Limit(root["limit.max_batch_check_size"], 10),
            Secrets(root["secrets.pagination"]),
            new NamespaceSet(LoadNamespaces(context, root["namespaces.location"])));
    }

    private static IReadOnlyList<OplNamespace> LoadNamespaces(ServiceContext context, ConfigurationNode location)
    {
        var path = context.Resolve(location);
        return File.Exists(path)
            ? OplDocument.Load(path).Namespaces
            : throw location.Error($"names '{path}', which does not exist. Correct it, or restore the file.");
    }

    private static int RequirePort(ConfigurationNode root, string api, int fallback)
    {
        var host = root[$"serve.{api}.host"];
        return IsLoopback(host)
            ? throw host.Error($"binds the {api} API to the container's loopback, where the gateway cannot reach it. Set it to 0.0.0.0.")
            : Limit(root[$"serve.{api}.port"], fallback);
    }

    /// <summary>What a container binds to its own loopback, nobody else on the network can reach.</summary>
    private static bool IsLoopback(ConfigurationNode host) => host.String("") switch
    {
        "127.0.0.1" or "localhost" or "::1" => true,
        "" or "0.0.0.0" or "::" => false,
        var other => throw host.Error($"is '{other}'. Set it to 0.0.0.0, or to 127.0.0.1 to keep it inside the container."),
    };

    private static int Limit(ConfigurationNode node, int fallback) => node.Integer(fallback) is var value and >= 1 and <= ushort.MaxValue
        ? value
        : throw node.Error($"must be between 1 and {ushort.MaxValue}.");

    private static IReadOnlyList<string> Secrets(ConfigurationNode node)
    {
        // From the environment a list comes as one value, with commas.
        IReadOnlyList<string> secrets = node.IsSequence ? node.Strings() : node.RequireString().Split(',');
        return secrets.Count > 0 && secrets.All(secret => secret.Length >= MinSecretLength)
            ? secrets
            : throw node.Error($"must hold secrets of at least {MinSecretLength} characters. Set SECRETS_PAGINATION.");
    }
}
