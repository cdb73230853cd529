using NovaId.Emulator.Configuration;
using NovaId.Emulator.Network;

namespace NovaId.Emulator.Hosting;

/// <summary>What every service of the embedded zone starts from.</summary>
/// <param name="ConfigurationFolder">The <c>ory-config</c> folder.</param>
/// <param name="Environment">The service's own environment, as a container of it would have: secrets and addresses.</param>
/// <param name="Network">The private network it listens on.</param>
/// <param name="Time">The clock.</param>
/// <param name="Loggers">Where it logs.</param>
internal sealed record ServiceContext(
    string ConfigurationFolder,
    IReadOnlyDictionary<string, string> Environment,
    PrivateNetwork Network,
    TimeProvider Time,
    ILoggerFactory Loggers)
{
    /// <summary>The zone's address, which the configuration follows; null leaves it as it is written.</summary>
    public ZoneAddress? Address { get; init; }

    /// <summary>Where the containers have the folder, as the file addresses in the configuration say.</summary>
    public const string ContainerFolder = "/etc/ory/";

    /// <summary>The path on this machine of a <c>file:///etc/ory/…</c> address.</summary>
    public string Resolve(ConfigurationNode address)
    {
        var uri = address.Uri();
        if (uri.Scheme != Uri.UriSchemeFile)
        {
            throw address.Error($"is '{uri}', but the emulator reads files only. Name a file:// address.");
        }

        return uri.LocalPath.StartsWith(ContainerFolder, StringComparison.Ordinal)
            ? Path.Combine(ConfigurationFolder, uri.LocalPath[ContainerFolder.Length..])
            : uri.LocalPath;
    }
}
