using NovaId.Api.Gateway;

namespace NovaId.Accounts.Configuration;

/// <summary>Who these pages are for Hydra's admin routes: section <c>Gateway</c>.</summary>
internal sealed class ServiceClientOptions
{
    public const string DefaultClientId = "novaid-accounts";

    /// <summary>The OAuth2 client.</summary>
    public string ClientId { get; set; } = DefaultClientId;

    /// <summary>The private key of <see cref="ClientId"/>, in PEM.</summary>
    public string? ClientKey { get; set; }

    /// <summary>The file with that key.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>The secret of <see cref="ClientId"/>, where it has no key.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What <see cref="ClientId"/> proves itself with.</summary>
    /// <exception cref="FormatException">That is not said, or not right.</exception>
    public ClientCredential ReadCredential() => new ClientCredentialSettings(ClientKey, ClientKeyFile, ClientSecret).Read("the OAuth2 client of these pages");
}
