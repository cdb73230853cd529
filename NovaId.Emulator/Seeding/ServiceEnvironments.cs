namespace NovaId.Emulator.Seeding;

/// <summary>What each service finds in its environment: secrets, and the addresses that differ between machines. A container of the real
/// service gets the same, and the address of its database.</summary>
internal sealed class ServiceEnvironments(Uri gateway, ZoneSecrets secrets, Uri signingKey)
{
    private readonly string _gateway = gateway.ToString().TrimEnd('/');

    public IReadOnlyDictionary<string, string> Kratos => new Dictionary<string, string>
    {
        ["SECRETS_DEFAULT"] = secrets.Default,
        ["SECRETS_COOKIE"] = secrets.Cookie,
        ["SECRETS_CIPHER"] = secrets.Cipher,
        ["SECRETS_PAGINATION"] = secrets.Pagination,
        ["CIPHERS_ALGORITHM"] = "xchacha20-poly1305",
        ["SERVE_PUBLIC_BASE_URL"] = $"{_gateway}/.ory/kratos/public/",
        ["COOKIES_SECURE"] = "false",
        ["SESSION_COOKIE_SECURE"] = "false",
    };

    public IReadOnlyDictionary<string, string> Keto => new Dictionary<string, string>
    {
        ["SECRETS_PAGINATION"] = secrets.Pagination,
    };

    public IReadOnlyDictionary<string, string> Hydra => new Dictionary<string, string>
    {
        ["SECRETS_SYSTEM"] = secrets.System,
        ["SECRETS_COOKIE"] = secrets.Cookie,
        ["SECRETS_PAGINATION"] = secrets.Pagination,
        ["URLS_SELF_ISSUER"] = _gateway,
        ["URLS_SELF_PUBLIC"] = _gateway,
        ["DEV"] = "true",
    };

    public IReadOnlyDictionary<string, string> Oathkeeper => new Dictionary<string, string>
    {
        ["MUTATORS_ID_TOKEN_CONFIG_ISSUER_URL"] = _gateway,
        ["MUTATORS_ID_TOKEN_CONFIG_JWKS_URL"] = signingKey.ToString(),
    };
}
