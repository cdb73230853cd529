using System.Net;

namespace NovaId.Emulator.Configuration;

/// <summary>The address under which a browser knows a zone. Cookies, CSRF protection and passkeys hang on it, so it is one, by name, and
/// everything in <c>ory-config</c> that begins with <see cref="Declared"/> follows it.</summary>
public sealed class ZoneAddress
{
    /// <summary>The address that <c>ory-config</c> is written for.</summary>
    public const string Declared = "http://localhost:4455";

    /// <summary>Its host name.</summary>
    public const string DeclaredHost = "localhost";

    private ZoneAddress(Uri origin) => Origin = origin.GetLeftPart(UriPartial.Authority);

    /// <summary>Scheme, host and port (RFC 6454), without a slash at the end.</summary>
    public string Origin { get; }

    /// <summary>The host name: the relying party of passkeys (WebAuthn, section 5.1.2).</summary>
    public string Host => new Uri(Origin).Host;

    /// <summary>Whether browsers reach the zone over TLS, so that its cookies are marked Secure.</summary>
    public bool IsSecure => Origin.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>The address of a zone on this machine.</summary>
    /// <param name="port">The gateway's port.</param>
    public static ZoneAddress OnPort(int port) => new(new UriBuilder(Uri.UriSchemeHttp, DeclaredHost, port).Uri);

    /// <summary>Reads an address that somebody chose.</summary>
    /// <param name="address">For example <c>https://id.example.org</c>.</param>
    /// <param name="setting">The setting it came from, for the message.</param>
    /// <exception cref="ConfigurationException">No browser could use the zone at this address.</exception>
    public static ZoneAddress Parse(string address, string setting)
    {
        ConfigurationException Wrong(string problem) => new("command line", 0, setting, $"'{address}' {problem}");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            throw Wrong("is no http or https address. Write it like https://id.example.org.");
        }

        if (uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            throw Wrong($"says more than scheme, host and port. Write {uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}.");
        }

        if (IPAddress.TryParse(uri.Host.Trim('[', ']'), out _))
        {
            throw Wrong($"is an address of the network, and no browser makes a passkey for one. Use a name{(uri.IsLoopback ? ": localhost" : "")}.");
        }

        var isLocal = uri.Host == DeclaredHost || uri.Host.EndsWith($".{DeclaredHost}", StringComparison.Ordinal);
        return uri.Scheme == Uri.UriSchemeHttps || isLocal
            ? new(uri)
            : throw Wrong("is not https: without TLS browsers make passkeys for localhost alone. Put TLS in front of the gateway and write https.");
    }

    /// <summary>A configured value as it is at this address.</summary>
    internal string Follow(string value) =>
        value.StartsWith(Declared, StringComparison.Ordinal) && (value.Length == Declared.Length || value[Declared.Length] == '/')
            ? Origin + value[Declared.Length..]
            : value;
}
