namespace NovaId.Demo.Configuration;

/// <summary>This app and its OAuth2 client: section <c>Demo</c>.</summary>
public sealed class DemoOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Demo";

    /// <summary>The client, unless a setting says otherwise.</summary>
    public const string DefaultClientId = "demo";

    /// <summary>Where browsers know this app, unless a setting says otherwise. Cookies do not know ports: it is another host than the
    /// zone's.</summary>
    public const string DefaultAddress = "http://127.0.0.1:4460";

    /// <summary>Where browsers know this app; its redirect addresses at Hydra begin with it.</summary>
    public string Address { get; set; } = DefaultAddress;

    /// <summary>The client's id.</summary>
    public string ClientId { get; set; } = DefaultClientId;

    /// <summary>The client's secret.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>A folder for the keys that seal the cookies, shared by all instances; without one they are made at each start.</summary>
    public string? KeyFolder { get; set; }

    /// <summary>The address of a trace in a dashboard, with <c>{traceId}</c> in the place of its id; without it no page leads there.</summary>
    public string? TraceAddress { get; set; }

    internal string Origin => new Uri(Address).GetLeftPart(UriPartial.Authority);

    internal bool IsSecure => Origin.StartsWith("https:", StringComparison.Ordinal);

    internal string? TraceAddressOf(string? traceId) =>
        string.IsNullOrEmpty(traceId) || string.IsNullOrWhiteSpace(TraceAddress) ? null : TraceAddress.Replace(DemoOptionsValidator.TraceId, traceId, StringComparison.Ordinal);
}
