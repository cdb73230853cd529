using NovaId.Emulator.Configuration;

namespace NovaId.Emulator.Seeding;

/// <summary>What each service finds in its environment: secrets, and what hangs on the zone's address. A container of the real service gets the
/// same, and the address of its database.</summary>
internal sealed class ServiceEnvironments(ZoneAddress address, ZoneSecrets secrets, Uri signingKey)
{
    private readonly string _secure = address.IsSecure ? "true" : "false";

    public IReadOnlyDictionary<string, string> Kratos => new Dictionary<string, string>(RelyingParty)
    {
        ["SECRETS_DEFAULT"] = secrets.Default,
        ["SECRETS_COOKIE"] = secrets.Cookie,
        ["SECRETS_CIPHER"] = secrets.Cipher,
        ["SECRETS_PAGINATION"] = secrets.Pagination,
        ["CIPHERS_ALGORITHM"] = "xchacha20-poly1305",
        ["COOKIES_SECURE"] = _secure,
        ["SESSION_COOKIE_SECURE"] = _secure,
    };

    /// <summary>The host name, which the configuration cannot follow as it follows the address.</summary>
    private IEnumerable<KeyValuePair<string, string>> RelyingParty =>
        address.Host == ZoneAddress.DeclaredHost ? [] : [new("SELFSERVICE_METHODS_PASSKEY_CONFIG_RP_ID", address.Host)];

    public IReadOnlyDictionary<string, string> Keto => new Dictionary<string, string>
    {
        ["SECRETS_PAGINATION"] = secrets.Pagination,
    };

    public IReadOnlyDictionary<string, string> Hydra => new Dictionary<string, string>
    {
        ["SECRETS_SYSTEM"] = secrets.System,
        ["SECRETS_COOKIE"] = secrets.Cookie,
        ["SECRETS_PAGINATION"] = secrets.Pagination,
        ["DEV"] = address.IsSecure ? "false" : "true",
    };

    public IReadOnlyDictionary<string, string> Oathkeeper => new Dictionary<string, string>
    {
        ["MUTATORS_ID_TOKEN_CONFIG_JWKS_URL"] = signingKey.ToString(),
    };
}
