using NovaId.Api.Gateway;

namespace NovaId.Api.Configuration;

/// <summary>The one address the API knows, and who it is there: section <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>Where the gateway listens, for example <c>http://localhost:4455</c>.</summary>
    public string? Address { get; set; }

    /// <summary>The issuer of the gateway's id_tokens; the address if nothing is said.</summary>
    public string? Issuer { get; set; }

    /// <summary>The file with the certificate of whoever signed the gateway's, where this machine does not trust them; null where it does, or the
    /// gateway speaks no TLS.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>The API's own OAuth2 client.</summary>
    public string ClientId { get; set; } = "novaid-api";

    /// <summary>The private key of <see cref="ClientId"/>, in PEM.</summary>
    public string? ClientKey { get; set; }

    /// <summary>The file with that key.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>The secret of <see cref="ClientId"/>, where it has no key.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What <see cref="ClientId"/> proves itself with.</summary>
    /// <exception cref="FormatException">That is not said, or not right.</exception>
    public ClientCredential ReadCredential() => new ClientCredentialSettings(ClientKey, ClientKeyFile, ClientSecret).Read("the API's OAuth2 client");

    /// <summary>The address, ending in a slash so that paths can be put behind it.</summary>
    public Uri BaseAddress => new(Address!.TrimEnd('/') + "/");

    /// <summary>The issuer that an id_token must name.</summary>
    public string ExpectedIssuer => string.IsNullOrWhiteSpace(Issuer) ? Address!.TrimEnd('/') : Issuer;
}
