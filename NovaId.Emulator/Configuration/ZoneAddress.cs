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
    /// <param name="isSecure">Whether the gateway itself speaks TLS.</param>
    public static ZoneAddress OnPort(int port, bool isSecure = false) => new(new UriBuilder(isSecure ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, DeclaredHost, port).Uri);

    /// <summary>Reads an address that somebody chose.</summary>
    /// <param name="text">For example <c>https://id.example.org</c>.</param>
    /// <param name="address">The address; null if no browser could use the zone there.</param>
    /// <returns>What is wrong with it and what to do, as a sentence that begins with the text; null if nothing is.</returns>
    public static string? Read(string text, out ZoneAddress? address)
    {
        address = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            return $"'{text}' is no http or https address. Write it like https://id.example.org.";
        }

        if (uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            return $"'{text}' says more than scheme, host and port. Write {uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}.";
        }

        if (IPAddress.TryParse(uri.Host.Trim('[', ']'), out _))
        {
            return $"'{text}' is an address of the network, and no browser makes a passkey for one. Use a name{(uri.IsLoopback ? $": {DeclaredHost}" : "")}.";
        }

        var isLocal = uri.Host == DeclaredHost || uri.Host.EndsWith($".{DeclaredHost}", StringComparison.Ordinal);
        if (uri.Scheme != Uri.UriSchemeHttps && !isLocal)
        {
            return $"'{text}' is not https: without TLS browsers make passkeys for localhost alone. Put TLS in front of the gateway and write https.";
        }

        address = new(uri);
        return null;
    }

    /// <summary>A configured value as it is at this address.</summary>
    internal string Follow(string value) => Follows(value) ? Origin + value[Declared.Length..] : value;

    /// <summary>Whether a configured value hangs on the zone's address.</summary>
    internal static bool Follows(string value) =>
        value.StartsWith(Declared, StringComparison.Ordinal) && (value.Length == Declared.Length || value[Declared.Length] == '/');
}
