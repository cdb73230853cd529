using System.Net;
using NovaId.Emulator.Network;

namespace NovaId.Emulator;

/// <summary>How an <see cref="EmbeddedZone"/> starts.</summary>
public sealed class EmbeddedZoneOptions
{
    /// <summary>The <c>ory-config</c> folder; null takes the nearest one above the working directory, else the copy beside the program.</summary>
    public string? ConfigurationFolder { get; init; }

    /// <summary>The address under which browsers know the zone, if it is not <c>http://localhost</c> and the gateway's port: for example
    /// <c>https://id.example.org</c>, where something in front of the gateway ends TLS.</summary>
    public string? Address { get; init; }

    /// <summary>The gateway's port on the loopback addresses, 127.0.0.1 and ::1; 0 takes a free one.</summary>
    public int GatewayPort { get; init; } = 4455;

    /// <summary>The API's port on 127.0.0.1; 0 takes a free one.</summary>
    public int ApiPort { get; init; } = 8080;

    /// <summary>The port of the demo, an app of somebody else, on 127.0.0.1; 0 takes a free one.</summary>
    public int DemoPort { get; init; } = 4460;

    /// <summary>The password of every seeded person; null generates one for each.</summary>
    public string? Password { get; init; }

    /// <summary>Whether the pages for people are served: behind the gateway at <c>/accounts/</c> and <c>/admin/</c>, and the demo at an
    /// origin of its own.</summary>
    public bool ServePages { get; init; } = true;

    /// <summary>Whether one person a rank is registered at the start.</summary>
    public bool SeedPeople { get; init; } = true;

    /// <summary>Where the gateway finds <c>api:8080</c>, if something stands between it and the API; told the API's own address. Null
    /// sends it straight to the API.</summary>
    public Func<IPEndPoint, IPEndPoint>? ApiUpstream { get; init; }

    /// <summary>Puts something between the names of the private network, and between the API and the gateway, before anything listens: told
    /// the network and the gateway's address, it gives the address that the API takes for the gateway's. Null puts nothing between.</summary>
    internal Func<PrivateNetwork, Uri, Task<Uri>>? Interpose { get; init; }

    /// <summary>The API where it runs in a process of its own, started by somebody else with <see cref="EmbeddedZone.ApiKey"/>; null
    /// runs it in this process.</summary>
    public IPEndPoint? ExternalApi { get; init; }

    /// <summary>Where each mail is announced in one line with its code, for somebody who tries the zone by hand; null announces none. It
    /// must be nothing that is kept: a code lets its reader in.</summary>
    public TextWriter? MailAnnouncements { get; init; }

    /// <summary>The clock of the four services and the gateway; null takes the system's.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Changes the API before it is built: where it keeps its storage, what its limits are, who reads its log.</summary>
    public Action<WebApplicationBuilder>? ConfigureApi { get; init; }

    /// <summary>Who else reads what the four services and the gateway log.</summary>
    public Action<ILoggingBuilder>? ConfigureLogging { get; init; }

    /// <summary>The lowest level that the services and the API log to the console; <see cref="LogLevel.None"/> keeps it clear.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;
}
