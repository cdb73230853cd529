using NovaId.Emulator.Configuration;
using NovaId.Emulator.Hosting;

namespace NovaId.Emulator.Hydra;

/// <summary>What hydra.yml and the environment say, as far as it has an effect on a Hydra in memory.</summary>
internal sealed record HydraSettings
{
    private const int MinimumSecretLength = 16;

    /// <summary>The keys that are honoured. A value that cannot be honoured stops the start.</summary>
    private static readonly string[] Honoured =
    [
        "serve.public.port",
        "serve.admin.port",
        "serve.cookies.same_site_mode",
        "urls.self.issuer",
        "urls.self.public",
        "urls.login",
        "urls.registration",
        "urls.consent",
        "urls.logout",
        "urls.error",
        "urls.post_logout_redirect",
        "urls.device.verification",
        "urls.device.success",
        "urls.identity_provider.url",
        "strategies.access_token",
        "strategies.scope",
        "strategies.jwt.scope_claim",
        "ttl.access_token",
        "ttl.refresh_token",
        "ttl.id_token",
        "ttl.auth_code",
        "ttl.login_consent_request",
        "ttl.authentication_session",
        "ttl.device_user_code",
        "oauth2.expose_internal_errors",
        "oauth2.device_authorization.token_polling_interval",
        "oauth2.device_authorization.user_code.entropy_preset",
        "oauth2.device_authorization.user_code.length",
        "oauth2.device_authorization.user_code.character_set",
        "oauth2.hashers.algorithm",
        "oauth2.hashers.pbkdf2.iterations",
        "oauth2.pkce.enforced",
        "oauth2.pkce.enforced_for_public_clients",
        "oauth2.client_credentials.default_grant_allowed_scope",
        "oauth2.grant.refresh_token.rotation_grace_period",
        "oauth2.grant.refresh_token.rotation_grace_reuse_count",
        "oidc.dynamic_client_registration.enabled",
        "oidc.dynamic_client_registration.default_scope",
        "oidc.dynamic_client_registration.default_scope[]",
        "oidc.subject_identifiers.supported_types",
        "oidc.subject_identifiers.supported_types[]",
        "secrets.system",
        "secrets.system[]",
        "secrets.cookie",
        "secrets.cookie[]",
        "secrets.pagination",
        "secrets.pagination[]",
        "dev",
    ];

    /// <summary>
    /// The keys that can have no effect here: there is no database, no socket, no password grant, and the zone does the logging.
    /// </summary>
    private static readonly string[] WithoutEffect =
    [
        "version",
        "dsn",
        "serve.public.host",
        "serve.public.request_log.disable_for_health",
        "serve.admin.host",
        "serve.admin.request_log.disable_for_health",
        "urls.self.admin",
        "urls.identity_provider.publicUrl",
        "oauth2.session.encrypt_at_rest",
        "log.**",
        "tracing.**",
        "sqa.opt_out",
    ];

    public required int PublicPort { get; init; }

    public required int AdminPort { get; init; }

    /// <summary>The issuer exactly as configured: it is compared as text by whoever reads a token.</summary>
    public required string Issuer { get; init; }

    public required string PublicUrl { get; init; }

    public required string LoginUrl { get; init; }

    public required string RegistrationUrl { get; init; }

    public required string ConsentUrl { get; init; }

    public required string LogoutUrl { get; init; }

    public required string ErrorUrl { get; init; }

    public required string PostLogoutRedirectUrl { get; init; }

    /// <summary>Where a person enters the code that a device shows.</summary>
    public required string DeviceVerificationUrl { get; init; }

    /// <summary>Where the browser ends when the device may go on.</summary>
    public required string DeviceSuccessUrl { get; init; }

    /// <summary>Kratos' administrative address; null if a logout ends nothing there.</summary>
    public string? IdentityProviderUrl { get; init; }

    public required TimeSpan AccessTokenLifespan { get; init; }

    public required TimeSpan RefreshTokenLifespan { get; init; }

    public required TimeSpan IdTokenLifespan { get; init; }

    public required TimeSpan AuthorizationCodeLifespan { get; init; }

    public required TimeSpan LoginConsentLifespan { get; init; }

    public required TimeSpan SessionLifespan { get; init; }

    public required TimeSpan DeviceCodeLifespan { get; init; }

    /// <summary>How long a device waits before it asks again, as Hydra tells it.</summary>
    public required TimeSpan DevicePollingInterval { get; init; }

    public required int UserCodeLength { get; init; }

    public required string UserCodeCharacters { get; init; }

    public required bool EnforcePkce { get; init; }

    public required bool EnforcePkceForPublicClients { get; init; }

    public required bool GrantAllowedScopeByDefault { get; init; }

    public required IReadOnlyList<string> DefaultClientScope { get; init; }

    public required int HashIterations { get; init; }

    public required SameSiteMode SameSite { get; init; }

    /// <summary>Development mode: plain HTTP is allowed, and the cookies are named after it.</summary>
    public required bool Development { get; init; }

    public required string SystemSecret { get; init; }

    public required string CookieSecret { get; init; }

    public required string PaginationSecret { get; init; }

    public static HydraSettings Read(ServiceContext context)
    {
        var file = Path.Combine(context.ConfigurationFolder, "hydra", "hydra.yml");
        var root = ConfigurationFile.ReadService(file, context.Environment, [.. Honoured, .. WithoutEffect], context.Address);
        Require(root, "strategies.scope", "wildcard", "exact");
        Require(root, "strategies.access_token", "opaque", "opaque");
        Require(root, "strategies.jwt.scope_claim", "list", "list", "string", "both");
        Require(root, "oauth2.expose_internal_errors", "false", "false");
        Require(root, "oauth2.hashers.algorithm", "pbkdf2", "pbkdf2");
        Require(root, "oidc.dynamic_client_registration.enabled", "false", "false");
        RequireStrictRotation(root);
        foreach (var type in root["oidc.subject_identifiers.supported_types"].Items.Where(type => type.RequireString() != "public"))
        {
            throw type.Error($"is '{type.RequireString()}', but the emulator knows only public subjects. Remove it.");
        }

        var development = ReadDevelopment(root["dev"]);
        var issuer = Address(root["urls.self.issuer"]);
        if (!development && !issuer.StartsWith("https://", StringComparison.Ordinal))
        {
            throw root["urls.self.issuer"].Error(
                $"is '{issuer}', but the issuer must be an https address. Change it, or set DEV=true in the environment.");
        }

        var publicUrl = root["urls.self.public"].Exists ? Address(root["urls.self.public"]) : issuer;
        var system = Secret(root["secrets.system"], null);
        var userCode = root["oauth2.device_authorization.user_code"];
        var (length, characters) = ReadUserCodePreset(userCode["entropy_preset"]);
        var defaultScope = root["oidc.dynamic_client_registration.default_scope"];
        return new HydraSettings
        {
            PublicPort = root["serve.public.port"].Integer(4444),
            AdminPort = root["serve.admin.port"].Integer(4445),
            Issuer = issuer,
            PublicUrl = publicUrl,
            LoginUrl = Address(root["urls.login"]),
            RegistrationUrl = Address(root["urls.registration"].Exists ? root["urls.registration"] : root["urls.login"]),
            ConsentUrl = Address(root["urls.consent"]),
            LogoutUrl = Address(root["urls.logout"]),
            ErrorUrl = Address(root["urls.error"]),
            PostLogoutRedirectUrl = Address(root["urls.post_logout_redirect"]),
            DeviceVerificationUrl = Address(root["urls.device.verification"]),
            DeviceSuccessUrl = Address(root["urls.device.success"]),
            IdentityProviderUrl = root["urls.identity_provider.url"].Exists ? Address(root["urls.identity_provider.url"]) : null,
            AccessTokenLifespan = root["ttl.access_token"].Duration(TimeSpan.FromHours(1)),
            RefreshTokenLifespan = root["ttl.refresh_token"].Duration(TimeSpan.FromHours(720)),
            IdTokenLifespan = root["ttl.id_token"].Duration(TimeSpan.FromHours(1)),
            AuthorizationCodeLifespan = root["ttl.auth_code"].Duration(TimeSpan.FromMinutes(10)),
            LoginConsentLifespan = root["ttl.login_consent_request"].Duration(TimeSpan.FromMinutes(30)),
            SessionLifespan = root["ttl.authentication_session"].Duration(TimeSpan.FromHours(720)),
            DeviceCodeLifespan = root["ttl.device_user_code"].Duration(TimeSpan.FromMinutes(10)),
            DevicePollingInterval = root["oauth2.device_authorization.token_polling_interval"].Duration(TimeSpan.FromSeconds(5)),
            UserCodeLength = userCode["length"].Exists ? userCode["length"].Integer(length) : length,
            UserCodeCharacters = userCode["character_set"].String(characters),
            EnforcePkce = root["oauth2.pkce.enforced"].Boolean(false),
            EnforcePkceForPublicClients = root["oauth2.pkce.enforced_for_public_clients"].Boolean(false),
            GrantAllowedScopeByDefault = root["oauth2.client_credentials.default_grant_allowed_scope"].Boolean(false),
            DefaultClientScope = defaultScope.Exists ? defaultScope.Strings() : ["offline_access", "offline", "openid"],
            HashIterations = root["oauth2.hashers.pbkdf2.iterations"].Integer(25_000),
            SameSite = ReadSameSite(root["serve.cookies.same_site_mode"], issuer),
            Development = development,
            SystemSecret = system,
            CookieSecret = Secret(root["secrets.cookie"], system),
            PaginationSecret = Secret(root["secrets.pagination"], system),
        };
    }

    private static void Require(ConfigurationNode root, string key, string hydraDefault, params ReadOnlySpan<string> allowed)
    {
        var node = root[key];
        var value = node.String(hydraDefault);
        if (!allowed.Contains(value))
        {
            throw node.Error(node.Exists
                ? $"is '{value}', which the emulator does not honour. It honours: {string.Join(", ", allowed)}."
                : $"is missing, which means '{value}', and the emulator does not honour that. Set it to {string.Join(" or ", allowed)}.");
        }
    }

    private static void RequireStrictRotation(ConfigurationNode root)
    {
        var period = root["oauth2.grant.refresh_token.rotation_grace_period"];
        if (period.Duration(TimeSpan.Zero) != TimeSpan.Zero)
        {
            throw period.Error($"is '{period.RequireString()}', but in the emulator a refresh token is good once. Set it to 0s.");
        }

        var count = root["oauth2.grant.refresh_token.rotation_grace_reuse_count"];
        if (count.Integer(0) != 0)
        {
            throw count.Error($"is '{count.RequireString()}', but in the emulator a refresh token is good once. Set it to 0.");
        }
    }

    private static (int Length, string Characters) ReadUserCodePreset(ConfigurationNode node) =>
        node.OneOf("high", "high", "medium", "low") switch
        {
            "low" => (9, "0123456789"),
            "medium" => (8, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),

            // Without letters and digits that are taken for others.
            _ => (8, "abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679"),
        };

    private static bool ReadDevelopment(ConfigurationNode node)
    {
        // Hydra reads this key from the command line and the environment only.
        if (node.Exists && node.Line > 0)
        {
            throw node.Error("has no effect in a file. Set DEV=true in the environment instead.");
        }

        return node.Boolean(false);
    }

    private static SameSiteMode ReadSameSite(ConfigurationNode node, string issuer) =>
        node.OneOf("Lax", "Strict", "Lax", "None") switch
        {
            "Strict" => SameSiteMode.Strict,
            "None" when issuer.StartsWith("https://", StringComparison.Ordinal) => SameSiteMode.None,
            _ => SameSiteMode.Lax,
        };

    private static string Address(ConfigurationNode node)
    {
        var scheme = node.Uri().Scheme;
        return scheme is "http" or "https" ? node.RequireString() : throw node.Error(
            $"must be an http or https address, not '{node.RequireString()}'.");
    }

    /// <summary>
    /// The secret in use: of several, the first; the others only decrypt what an earlier start wrote, and nothing outlives a start here.
    /// </summary>
    private static string Secret(ConfigurationNode node, string? fallback)
    {
        if (!node.Exists && fallback is not null)
        {
            return fallback;
        }

        var secret = node.IsSequence
            ? node.Strings() is [var first, ..] ? first : throw node.Error("is an empty list. Give it a secret.")
            : node.RequireString().Split(',')[0];
        return secret.Length >= MinimumSecretLength
            ? secret
            : throw node.Error($"is shorter than {MinimumSecretLength} characters. Take a longer secret.");
    }
}
