namespace NovaId.Pages.Configuration;

/// <summary>The one address that pages know: section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Gateway";

    /// <summary>Where this program reaches the gateway, for example <c>http://localhost:4455</c>.</summary>
    public string? Address { get; set; }

    /// <summary>Where browsers reach it; <see cref="Address"/> if nothing is said.</summary>
    public string? PublicAddress { get; set; }

    /// <summary>The file with the certificate of whoever signed the gateway's, where this machine does not trust them; null where it does, or the
    /// gateway speaks no TLS.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>The origin that browsers know: scheme, host and port.</summary>
    public string Origin => new Uri(string.IsNullOrWhiteSpace(PublicAddress) ? Address! : PublicAddress).GetLeftPart(UriPartial.Authority);
}
