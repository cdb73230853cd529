using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Network;

namespace NovaId.AppHost.Configuration;

/// <summary>What can be chosen about a zone: section <c>Zone</c> of the configuration, or <c>--Zone:…</c> on the command line.</summary>
public sealed record ZoneOptions
{
    private const int DefaultGatewayPort = 4455;
    private const int HashLength = 8;

    /// <summary>The port on which the gateway's rules look for the API.</summary>
    public const int DefaultApiPort = 8080;

    /// <summary>The demo's port in <c>ory-config</c>.</summary>
    public const int DefaultDemoPort = 4460;

    /// <summary>Where browsers know the demo in <c>ory-config</c>.</summary>
    public const string DefaultDemoAddress = "http://127.0.0.1:4460";

    /// <summary>Which zone. <c>Zone:Kind</c>; containers if nothing is said.</summary>
    public required ZoneKind Kind { get; init; }

    /// <summary>Whether data, secrets and documents are kept for the next start. <c>Zone:KeepData</c>; true if nothing is said.</summary>
    public required bool KeepData { get; init; }

    /// <summary>The gateway's port on 127.0.0.1 and ::1. <c>Zone:GatewayPort</c>; 4455 if nothing is said, 0 takes a free one.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The emulated API's port on 127.0.0.1. <c>Zone:ApiPort</c>; 8080 if nothing is said, 0 takes a free one. In containers it is
    /// 8080, as the gateway's rules say, on an address of the edge network's own.</summary>
    public required int ApiPort { get; init; }

    /// <summary>The port of the demo, an app of somebody else, on 127.0.0.1. <c>Zone:DemoPort</c>; 4460 if nothing is said, 0 takes a free one.</summary>
    public required int DemoPort { get; init; }

    /// <summary>What kept data is named after, so that two copies of this project do not share it. <c>Zone:Name</c>; the folder's hash if
    /// nothing is said.</summary>
    public required string Name { get; init; }

    /// <summary>The folder of the services' configuration. <c>Zone:Configuration</c>, from the AppHost's own folder on; this project's
    /// <c>ory-config</c> if nothing is said.</summary>
    public required string Configuration { get; init; }

    /// <summary>The e-mail address of the first General. <c>Zone:General</c>; <c>general@novaid.local</c> if nothing is said.</summary>
    public required string General { get; init; }

    /// <summary>How long a certificate of the zone counts. <c>Zone:CertificateLifetime</c>, as <c>days.hours:minutes:seconds</c>; three days if nothing
    /// is said.</summary>
    public required TimeSpan CertificateLifetime { get; init; }

    /// <summary>Whether the gateway itself speaks TLS, to browsers and to everybody inside. <c>Zone:Https</c>; if nothing is said, true in what is
    /// published unless <c>Zone:Address</c> is without, and otherwise false.</summary>
    public required bool Https { get; init; }

    /// <summary>The registry that holds the images instead of theirs, for a mirror. <c>Images:Registry</c>.</summary>
    public string? Registry { get; init; }

    /// <summary>When images are pulled. <c>Images:PullPolicy</c>: Missing (if nothing is said), Always or Never.</summary>
    public required ImagePullPolicy PullPolicy { get; init; }

    /// <summary>The address under which browsers know the zone, and the issuer of its tokens, without a slash at its end. <c>Zone:Address</c>,
    /// where something in front of the gateway ends TLS; <see cref="GatewayAddress"/> if nothing is said.</summary>
    public required string Address { get; init; }

    /// <summary>Whether browsers reach the zone over TLS.</summary>
    public bool IsSecure => Address.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>Where browsers reach the demo: another host than the zone's, because cookies do not know ports.</summary>
    public string DemoAddress => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{DemoPort}");

    /// <summary>Where the gateway is reached on this machine, without a slash at its end.</summary>
    public string GatewayAddress => ZoneAddress.OnPort(GatewayPort, Https).Origin;

    /// <summary>The folder of this user in which the zone keeps something; in no folder that git sees.</summary>
    /// <param name="what">What it keeps.</param>
    /// <returns>The folder, which need not be there yet.</returns>
    internal string DataFolder(string what) => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "NovaId", $"{Name}-{what}");

    /// <summary>Reads the options.</summary>
    /// <param name="configuration">The application's configuration.</param>
    /// <param name="isPublished">Whether the zone is published, and not run.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ZoneConfigurationException">A value that is none of those that can be chosen; the message names key and remedy.</exception>
    public static ZoneOptions Read(IConfiguration configuration, bool isPublished = false)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var port = Port(configuration, "Zone:GatewayPort", DefaultGatewayPort);
        var kind = Choice(configuration, "Zone:Kind", ZoneKind.Containers);
        var https = Truth(configuration, "Zone:Https", isPublished && !IsWithoutTls(configuration["Zone:Address"]));
        if (https && kind == ZoneKind.Emulator && !isPublished)
        {
            throw new ZoneConfigurationException("Zone:Https is true, and the emulator speaks no TLS. Leave it out, or choose Zone:Kind containers or sealed.");
        }

        var options = new ZoneOptions
        {
            Address = AddressOf(configuration, "Zone:Address", ZoneAddress.OnPort(port, https)),
            Kind = kind,
            Https = https,
            KeepData = Truth(configuration, "Zone:KeepData", true),
            GatewayPort = port,
            ApiPort = Port(configuration, "Zone:ApiPort", DefaultApiPort),
            DemoPort = Port(configuration, "Zone:DemoPort", DefaultDemoPort),
            Name = configuration["Zone:Name"] ?? $"novaid-{configuration["AppHost:PathSha256"]?[..HashLength].ToLowerInvariant()}",
            Configuration = Folder(configuration, "Zone:Configuration", "../ory-config"),
            General = configuration["Zone:General"] ?? "general@novaid.local",
            CertificateLifetime = Lifetime(configuration, "Zone:CertificateLifetime", TimeSpan.FromDays(3)),
            Registry = configuration["Images:Registry"],
            PullPolicy = Choice(configuration, "Images:PullPolicy", ImagePullPolicy.Missing),
        };
        return https && !options.IsSecure
            ? throw new ZoneConfigurationException($"Zone:Https is true, and Zone:Address is '{options.Address}'. Write https there, or leave one of the two out.")
            : options;
    }

    private static bool IsWithoutTls(string? address) => address?.TrimStart().StartsWith("http://", StringComparison.OrdinalIgnoreCase) ?? false;

    private static string AddressOf(IConfiguration configuration, string key, ZoneAddress otherwise)
    {
        var text = configuration[key];
        var address = otherwise;
        return string.IsNullOrWhiteSpace(text) || ZoneAddress.Read(text, out address) is not { } problem
            ? address!.Origin
            : throw new ZoneConfigurationException($"{key}: {problem}");
    }

    private static T Choice<T>(IConfiguration configuration, string key, T otherwise)
        where T : struct, Enum
    {
        var text = configuration[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            return otherwise;
        }

        return Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new ZoneConfigurationException($"{key} is '{text}'. Choose one of {string.Join(", ", Enum.GetNames<T>())}, or leave it out.");
    }

    private static string Folder(IConfiguration configuration, string key, string otherwise)
    {
        var text = configuration[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            return otherwise;
        }

        var folder = Path.GetFullPath(text, configuration["AppHost:Directory"] ?? Directory.GetCurrentDirectory());
        return Directory.Exists(folder)
            ? folder
            : throw new ZoneConfigurationException($"{key} is '{text}', and there is no folder {folder}. Name one with the files of ory-config, or leave it out.");
    }

    private static bool Truth(IConfiguration configuration, string key, bool otherwise)
    {
        var text = configuration[key];
        return string.IsNullOrWhiteSpace(text)
            ? otherwise
            : bool.TryParse(text, out var value) ? value : throw new ZoneConfigurationException($"{key} is '{text}'. Write true or false.");
    }

    private static TimeSpan Lifetime(IConfiguration configuration, string key, TimeSpan otherwise)
    {
        var text = configuration[key];
        return string.IsNullOrWhiteSpace(text) ? otherwise
            : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.FromMinutes(1) && time <= TimeSpan.FromDays(30) ? time
            : throw new ZoneConfigurationException($"{key} is '{text}'. Write a time from one minute to 30 days, such as 3.00:00:00 for three days, or leave it out.");
    }

    private static int Port(IConfiguration configuration, string key, int otherwise)
    {
        var text = configuration[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            return otherwise;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
        {
            throw new ZoneConfigurationException($"{key} is '{text}'. Write a port up to {IPEndPoint.MaxPort}; 0 takes a free one.");
        }

        // The gateway's address is in the configuration of every service before any of them starts, so a free port is chosen first.
        return port == 0 ? LoopbackPorts.Take(1)[0] : port;
    }
}
