using System.Text;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Hosting;
using NovaId.Emulator.Mail;
using SameSiteMode = Microsoft.Net.Http.Headers.SameSiteMode;

namespace NovaId.Emulator.Kratos;

/// <summary>What kratos.yml says, checked. A key or a value that the emulator cannot honour stops the start.</summary>
internal sealed class KratosConfiguration
{
    /// <summary>The keys that do something here.</summary>
    private static readonly string[] Honoured =
    [
        "serve.public.base_url",
        "serve.public.port",
        "serve.admin.base_url",
        "serve.admin.port",
        "identity.default_schema_id",
        "identity.schemas[].id",
        "identity.schemas[].url",
        "session.lifespan",
        "session.earliest_possible_extend",
        "session.cookie.name",
        "session.cookie.domain",
        "session.cookie.path",
        "session.cookie.persistent",
        "session.cookie.same_site",
        "session.cookie.secure",
        "session.whoami.required_aal",
        "cookies.domain",
        "cookies.path",
        "cookies.same_site",
        "cookies.secure",
        "secrets.default",
        "secrets.cookie",
        "secrets.pagination",
        "selfservice.default_browser_return_url",
        "selfservice.allowed_return_urls[]",
        "selfservice.methods.password.enabled",
        "selfservice.methods.password.config.haveibeenpwned_enabled",
        "selfservice.methods.password.config.min_password_length",
        "selfservice.methods.password.config.identifier_similarity_check_enabled",
        "selfservice.methods.profile.enabled",
        "selfservice.methods.code.enabled",
        "selfservice.methods.code.passwordless_enabled",
        "selfservice.methods.code.config.lifespan",
        "selfservice.methods.code.config.max_submissions",
        "selfservice.methods.link.enabled",
        "selfservice.methods.totp.enabled",
        "selfservice.methods.totp.config.issuer",
        "selfservice.methods.lookup_secret.enabled",
        "selfservice.methods.webauthn.enabled",
        "selfservice.methods.passkey.enabled",
        "selfservice.methods.passkey.config.rp.id",
        "selfservice.methods.passkey.config.rp.display_name",
        "selfservice.methods.passkey.config.rp.origins[]",
        "selfservice.flows.error.ui_url",
        "selfservice.flows.login.ui_url",
        "selfservice.flows.login.lifespan",
        "selfservice.flows.login.style",
        "selfservice.flows.login.after.default_browser_return_url",
        "selfservice.flows.login.after.password.default_browser_return_url",
        "selfservice.flows.login.after.passkey.default_browser_return_url",
        "selfservice.flows.login.after.totp.default_browser_return_url",
        "selfservice.flows.login.after.lookup_secret.default_browser_return_url",
        "selfservice.flows.registration.enabled",
        "selfservice.flows.registration.ui_url",
        "selfservice.flows.registration.lifespan",
        "selfservice.flows.registration.style",
        "selfservice.flows.registration.login_hints",
        "selfservice.flows.registration.after.default_browser_return_url",
        "selfservice.flows.registration.after.password.default_browser_return_url",
        "selfservice.flows.registration.after.password.hooks[].hook",
        "selfservice.flows.registration.after.passkey.default_browser_return_url",
        "selfservice.flows.registration.after.passkey.hooks[].hook",
        "selfservice.flows.settings.ui_url",
        "selfservice.flows.settings.lifespan",
        "selfservice.flows.settings.privileged_session_max_age",
        "selfservice.flows.settings.required_aal",
        "selfservice.flows.settings.after.default_browser_return_url",
        "selfservice.flows.settings.after.password.default_browser_return_url",
        "selfservice.flows.settings.after.profile.default_browser_return_url",
        "selfservice.flows.settings.after.passkey.default_browser_return_url",
        "selfservice.flows.settings.after.totp.default_browser_return_url",
        "selfservice.flows.settings.after.lookup_secret.default_browser_return_url",
        "selfservice.flows.logout.after.default_browser_return_url",
        "selfservice.flows.registration.after.code.default_browser_return_url",
        "selfservice.flows.registration.after.code.hooks[].hook",
        "selfservice.flows.recovery.enabled",
        "selfservice.flows.recovery.ui_url",
        "selfservice.flows.recovery.lifespan",
        "selfservice.flows.recovery.use",
        "selfservice.flows.recovery.notify_unknown_recipients",
        "selfservice.flows.recovery.after.default_browser_return_url",
        "selfservice.flows.recovery.after.hooks[].hook",
        "selfservice.flows.verification.enabled",
        "selfservice.flows.verification.ui_url",
        "selfservice.flows.verification.lifespan",
        "selfservice.flows.verification.use",
        "selfservice.flows.verification.notify_unknown_recipients",
        "selfservice.flows.verification.after.default_browser_return_url",
        "feature_flags.use_continue_with_transitions",
        "courier.smtp.from_address",
        "courier.smtp.from_name",
        "oauth2_provider.url",
        "oauth2_provider.override_return_to",
        "hashers.algorithm",
    ];

    /// <summary>The keys that cannot do anything here, and why.</summary>
    private static readonly Dictionary<string, string> WithoutEffect = new()
    {
        ["version"] = "only tells which configuration format this is",
        ["dsn"] = "the state is in memory",
        ["serve.public.host"] = "the service listens on the private network only",
        ["serve.admin.host"] = "the service listens on the private network only",
        ["serve.public.request_log.disable_for_health"] = "requests are not logged one by one",
        ["serve.admin.request_log.disable_for_health"] = "requests are not logged one by one",
        ["secrets.cipher"] = "nothing is encrypted at rest, because nothing rests",
        ["ciphers.algorithm"] = "nothing is encrypted at rest, because nothing rests",
        ["courier.smtp.connection_uri"] = "mails go to the zone's own mailbox",
        ["courier.message_retries"] = "a mail is delivered at once",
        ["courier.worker.**"] = "a mail is delivered at once",
        ["hashers.bcrypt.cost"] = "passwords are hashed by ASP.NET Core Identity, for as long as the zone runs",
        ["security.account_enumeration.mitigate"] = "acts on methods and styles that answer 501; password login never tells whether an account exists",
        ["clients.http.disallow_private_ip_ranges"] = "the one address that is called is on the private network",
        ["log.level"] = "the zone has one log",
        ["log.format"] = "the zone has one log",
        ["log.leak_sensitive_values"] = "no sensitive value is ever logged",
    };

    private readonly ConfigurationNode _root;

    private KratosConfiguration(ConfigurationNode root) => _root = root;

    public required string PublicAddress { get; init; }

    public required string AdminAddress { get; init; }

    public required int PublicPort { get; init; }

    public required int AdminPort { get; init; }

    public required IdentitySchema DefaultSchema { get; init; }

    public required IReadOnlyList<IdentitySchema> Schemas { get; init; }

    public required TimeSpan SessionLifespan { get; init; }

    /// <summary>A session is extended only when no more than this is left of it.</summary>
    public required TimeSpan EarliestPossibleExtend { get; init; }

    public required CookieSettings SessionCookie { get; init; }

    /// <summary>The settings of every cookie but the session's.</summary>
    public required CookieSettings Cookie { get; init; }

    public required IReadOnlyList<byte[]> CookieSecrets { get; init; }

    /// <summary>The secrets that protect page tokens.</summary>
    public required IReadOnlyList<byte[]> PaginationSecrets { get; init; }

    public required MailAddress MailSender { get; init; }

    public required string DefaultReturnAddress { get; init; }

    /// <summary>Where a browser may be sent to: the configured addresses, then Kratos' own.</summary>
    public required IReadOnlyList<string> AllowedReturnAddresses { get; init; }

    /// <summary>The login, registration and settings methods that are switched on, whether the emulator has them or not.</summary>
    public required IReadOnlySet<string> Methods { get; init; }

    public required bool CodeSignsIn { get; init; }

    /// <summary>The level that <c>/sessions/whoami</c> asks for.</summary>
    public required string WhoAmIAssuranceLevel { get; init; }

    /// <summary>The level that the settings ask for.</summary>
    public required string SettingsAssuranceLevel { get; init; }

    /// <summary>The name that authenticator apps show for the zone.</summary>
    public required string TotpIssuer { get; init; }

    /// <summary>For whom passkeys are made; null where they are switched off.</summary>
    public required PasskeySettings? Passkeys { get; init; }

    public required int MinPasswordLength { get; init; }

    public required bool IdentifierSimilarityCheck { get; init; }

    public required string ErrorPage { get; init; }

    public required bool RegistrationEnabled { get; init; }

    public required bool VerificationEnabled { get; init; }

    public required bool RecoveryEnabled { get; init; }

    /// <summary>Whether a recovery ends every other session of the account.</summary>
    public required bool RecoveryRevokesSessions { get; init; }

    /// <summary>Where a browser goes after a recovery that asked for nothing else; null leaves it at the settings.</summary>
    public required string? RecoveryReturnAddress { get; init; }

    /// <summary>Whether recovery tells programs how to go on, instead of where a browser would go.</summary>
    public required bool ContinuesWithTransitions { get; init; }

    /// <summary>How long a code is taken.</summary>
    public required TimeSpan CodeLifespan { get; init; }

    /// <summary>How many codes, right or wrong, a flow takes.</summary>
    public required int CodeMaxSubmissions { get; init; }

    public required TimeSpan PrivilegedSessionMaxAge { get; init; }

    public required string LogoutReturnAddress { get; init; }

    /// <summary>Hydra's admin address; null if Kratos serves no OAuth2 logins.</summary>
    public required string? OAuth2Provider { get; init; }

    public required bool OAuth2OverridesReturnTo { get; init; }

    public string PageOf(FlowKind kind) => _root[$"selfservice.flows.{NameOf(kind)}.ui_url"].Uri().OriginalString;

    public TimeSpan LifespanOf(FlowKind kind) => _root[$"selfservice.flows.{NameOf(kind)}.lifespan"].Duration(TimeSpan.FromHours(1));

    /// <summary>Whether somebody who registered with this method is signed in at once.</summary>
    public bool RegistrationIssuesSession(string method) => RegistrationHooks(method).Contains("session");

    /// <summary>Whether somebody who registered with this method is led to the verification of the address.</summary>
    public bool RegistrationShowsVerification(string method) => RegistrationHooks(method).Contains("show_verification_ui");

    /// <summary>Whether an address that nobody has is told that somebody asked for it.</summary>
    public bool NotifiesUnknownRecipients(FlowKind kind) => _root[$"selfservice.flows.{NameOf(kind)}.notify_unknown_recipients"].Boolean(false);

    /// <summary>Where a browser goes after a flow that asked for nothing else.</summary>
    public string ReturnAddressAfter(FlowKind kind, string method, string fallback)
    {
        var after = _root[$"selfservice.flows.{NameOf(kind)}.after"];
        return after[method]["default_browser_return_url"].OptionalString() ?? after["default_browser_return_url"].OptionalString() ?? fallback;
    }

    /// <summary>A schema by its id, as it stands or as it is written in addresses.</summary>
    public IdentitySchema? FindSchema(string id) =>
        Schemas.FirstOrDefault(schema => schema.Id == id) ?? Schemas.FirstOrDefault(schema => schema.Address("/").EndsWith("/" + id, StringComparison.Ordinal));

    public static KratosConfiguration Read(ServiceContext context)
    {
        var path = Path.Combine(context.ConfigurationFolder, "kratos", "kratos.yml");
        var root = ConfigurationFile.ReadService(path, context.Environment, [.. Honoured, .. WithoutEffect.Keys], context.Address);
        RequireHonourable(root);

        var schemas = ReadSchemas(context, root["identity.schemas"]);
        var defaultSchemaId = root["identity.default_schema_id"];
        var publicAddress = root["serve.public.base_url"].Uri().OriginalString;
        RequireRelyingParty(root, new Uri(publicAddress));
        var defaultReturn = root["selfservice.default_browser_return_url"].Uri().OriginalString;
        var lifespan = root["session.lifespan"].Duration(TimeSpan.FromHours(24));
        var methods = ReadMethods(root["selfservice.methods"]);
        var defaultSchema = schemas.FirstOrDefault(schema => schema.Id == defaultSchemaId.String("default"))
            ?? throw defaultSchemaId.Error("names no entry of identity.schemas. Name one.");
        var cookie = ReadCookie(root["cookies"], new CookieSettings("", "/", null, SameSiteMode.Lax, Secure: true, Persistent: true));
        var configuration = new KratosConfiguration(root)
        {
            PublicAddress = publicAddress,
            AdminAddress = root["serve.admin.base_url"].Uri().OriginalString,
            PublicPort = root["serve.public.port"].Integer(4433),
            AdminPort = root["serve.admin.port"].Integer(4434),
            Schemas = schemas,
            DefaultSchema = defaultSchema,
            SessionLifespan = lifespan,
            EarliestPossibleExtend = root["session.earliest_possible_extend"].Duration(lifespan),
            // Kratos takes Secure for the session cookie from its own key alone: cookies.secure does not reach it.
            SessionCookie = ReadCookie(root["session.cookie"], cookie with { Name = "ory_kratos_session", Secure = true }),
            Cookie = cookie,
            CookieSecrets = ReadSecrets(root, "secrets.cookie"),
            PaginationSecrets = ReadSecrets(root, "secrets.pagination"),
            MailSender = new MailAddress(
                root["courier.smtp.from_name"].String(""), root["courier.smtp.from_address"].String("no-reply@ory.kratos.sh")),
            DefaultReturnAddress = defaultReturn,
            AllowedReturnAddresses =
            [
                .. root["selfservice.allowed_return_urls"].Items.Select(ReadAllowedAddress),
                Addresses.AppendPath(publicAddress, "/self-service"),
            ],
            Methods = methods,
            WhoAmIAssuranceLevel = root["session.whoami.required_aal"].OneOf("aal1", "aal1", "highest_available"),
            SettingsAssuranceLevel = root["selfservice.flows.settings.required_aal"].OneOf("aal1", "aal1", "highest_available"),
            TotpIssuer = root["selfservice.methods.totp.config.issuer"].String(new Uri(publicAddress).Host),
            Passkeys = methods.Contains(Credential.Passkey) ? ReadPasskeys(root["selfservice.methods.passkey"], publicAddress, defaultSchema) : null,
            CodeSignsIn = root["selfservice.methods.code.passwordless_enabled"].Boolean(false),
            MinPasswordLength = root["selfservice.methods.password.config.min_password_length"].Integer(8),
            IdentifierSimilarityCheck = root["selfservice.methods.password.config.identifier_similarity_check_enabled"].Boolean(true),
            ErrorPage = root["selfservice.flows.error.ui_url"].Uri().OriginalString,
            RegistrationEnabled = root["selfservice.flows.registration.enabled"].Boolean(true),
            VerificationEnabled = root["selfservice.flows.verification.enabled"].Boolean(false),
            RecoveryEnabled = root["selfservice.flows.recovery.enabled"].Boolean(false),
            RecoveryRevokesSessions = root["selfservice.flows.recovery.after.hooks"].Items.Count > 0,
            RecoveryReturnAddress = root["selfservice.flows.recovery.after.default_browser_return_url"].OptionalString(),
            ContinuesWithTransitions = root["feature_flags.use_continue_with_transitions"].Boolean(false),
            CodeLifespan = root["selfservice.methods.code.config.lifespan"].Duration(TimeSpan.FromHours(1)),
            CodeMaxSubmissions = root["selfservice.methods.code.config.max_submissions"].Integer(5),
            PrivilegedSessionMaxAge = root["selfservice.flows.settings.privileged_session_max_age"].Duration(TimeSpan.FromHours(1)),
            LogoutReturnAddress = root["selfservice.flows.logout.after.default_browser_return_url"].String(defaultReturn),
            OAuth2Provider = root["oauth2_provider.url"].Exists ? root["oauth2_provider.url"].Uri().OriginalString : null,
            OAuth2OverridesReturnTo = root["oauth2_provider.override_return_to"].Boolean(false),
        };

        // Asked for once here, so that a bad value stops the start and not the first flow.
        foreach (var kind in Enum.GetValues<FlowKind>())
        {
            if ((kind == FlowKind.Recovery && !configuration.RecoveryEnabled) || (kind == FlowKind.Verification && !configuration.VerificationEnabled))
            {
                continue;
            }

            _ = (configuration.PageOf(kind), configuration.LifespanOf(kind), configuration.ReturnAddressAfter(kind, "password", ""));
        }

        return configuration;
    }

    private static string NameOf(FlowKind kind) => kind switch
    {
        FlowKind.Login => "login",
        FlowKind.Registration => "registration",
        FlowKind.Recovery => "recovery",
        FlowKind.Verification => "verification",
        _ => "settings",
    };

    private static void RequireHonourable(ConfigurationNode root)
    {
        root["selfservice.flows.login.style"].OneOf("unified", "unified");
        root["selfservice.flows.registration.style"].OneOf("profile_first", "unified");
        root["hashers.algorithm"].OneOf("bcrypt", "bcrypt");
        foreach (var method in (string[])["password", "passkey", "code"])
        {
            foreach (var hook in root[$"selfservice.flows.registration.after.{method}.hooks"].Items)
            {
                hook["hook"].OneOf("", "session", "show_verification_ui");
            }
        }

        foreach (var flow in (string[])["recovery", "verification"])
        {
            root[$"selfservice.flows.{flow}.use"].OneOf("code", "code");
        }

        foreach (var hook in root["selfservice.flows.recovery.after.hooks"].Items)
        {
            hook["hook"].OneOf("", "revoke_active_sessions");
        }

        var links = root["selfservice.methods.link.enabled"];
        if (links.Boolean(false))
        {
            throw links.Error("must be false: the emulator mails codes, not links.");
        }

        var breaches = root["selfservice.methods.password.config.haveibeenpwned_enabled"];
        if (breaches.Boolean(true))
        {
            throw breaches.Error("must be false: the emulator has no way out to the list of breached passwords.");
        }

        var hints = root["selfservice.flows.registration.login_hints"];
        if (hints.Boolean(false))
        {
            throw hints.Error("must be false: the emulator does not tell with what an account signs in.");
        }
    }

    /// <summary>A relying party that no browser takes for this zone's is found out at the start, not by whoever makes a passkey (WebAuthn,
    /// section 5.1.3).</summary>
    private static void RequireRelyingParty(ConfigurationNode root, Uri publicAddress)
    {
        if (!root["selfservice.methods.passkey.enabled"].Boolean(false))
        {
            return;
        }

        var id = root["selfservice.methods.passkey.config.rp.id"];
        var name = id.RequireString();
        if (Uri.CheckHostName(name) is not UriHostNameType.Dns)
        {
            throw id.Error($"is '{name}', but no browser makes a passkey for an address. Name the zone's host, {publicAddress.Host}.");
        }

        if (publicAddress.Host != name && !publicAddress.Host.EndsWith("." + name, StringComparison.Ordinal))
        {
            throw id.Error($"is '{name}', but the zone is {publicAddress.Host}: no browser makes a passkey of the one for the other. Name the zone's host or a domain that it belongs to.");
        }

        var origins = root["selfservice.methods.passkey.config.rp.origins"];
        var origin = publicAddress.GetLeftPart(UriPartial.Authority);
        if (origins.Exists && !origins.Items.Any(item => item.RequireString() == origin))
        {
            throw origins.Error($"does not list {origin}, where the zone's own pages stand. Add it.");
        }
    }

    private IEnumerable<string> RegistrationHooks(string method) =>
        _root[$"selfservice.flows.registration.after.{method}.hooks"].Items.Select(hook => hook["hook"].RequireString());

    private static List<IdentitySchema> ReadSchemas(ServiceContext context, ConfigurationNode schemas)
    {
        if (schemas.Items.Count == 0)
        {
            throw schemas.Error("must list at least one identity schema.");
        }

        return [.. schemas.Items.Select(schema => IdentitySchema.Read(schema["id"].RequireString(), context.Resolve(schema["url"])))];
    }

    private static CookieSettings ReadCookie(ConfigurationNode node, CookieSettings defaults) => new(
        node["name"].String(defaults.Name),
        node["path"].String(defaults.Path),
        node["domain"].Exists ? node["domain"].RequireString() : defaults.Domain,
        node["same_site"].Exists
            ? node["same_site"].OneOf("Lax", "Lax", "Strict", "None") switch
            {
                "Lax" => SameSiteMode.Lax,
                "Strict" => SameSiteMode.Strict,
                _ => SameSiteMode.None,
            }
            : defaults.SameSite,
        node["secure"].Boolean(defaults.Secure),
        node["persistent"].Boolean(defaults.Persistent));

    /// <summary>Secrets of one purpose: the first one protects, any one opens.</summary>
    private static List<byte[]> ReadSecrets(ConfigurationNode root, string key)
    {
        var node = root[key].Exists ? root[key] : root["secrets.default"];
        var secrets = node.RequireString().Split(',');
        return secrets.All(secret => secret.Length >= 16)
            ? [.. secrets.Select(Encoding.UTF8.GetBytes)]
            : throw node.Error("must be at least 16 characters long.");
    }

    private static string ReadAllowedAddress(ConfigurationNode node)
    {
        var address = node.Uri().OriginalString;
        return address.Contains('*', StringComparison.Ordinal)
            ? throw node.Error("has a wildcard, which lets in more than it seems to. Name each address.")
            : address;
    }

    private static PasskeySettings ReadPasskeys(ConfigurationNode method, string publicAddress, IdentitySchema schema)
    {
        if (schema.PasskeyNameField is null)
        {
            throw method["enabled"].Error(
                "is true, but no trait names a passkey. Give exactly one trait at the top of the identity schema a title and credentials.passkey.display_name.");
        }

        var party = method["config.rp"];
        var id = party["id"].RequireString();
        var origins = party["origins"].Items.Select(origin => origin.Uri().OriginalString).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new PasskeySettings(
            id,
            party["display_name"].RequireString(),
            origins.Count > 0 ? origins : new HashSet<string> { $"{new Uri(publicAddress).Scheme}://{id}" });
    }

    private static HashSet<string> ReadMethods(ConfigurationNode methods)
    {
        var enabled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, byDefault) in new[]
        {
            ("password", true), ("profile", true), ("code", true), ("totp", false), ("lookup_secret", false), ("webauthn", false), ("passkey", false),
        })
        {
            if (methods[name]["enabled"].Boolean(byDefault))
            {
                enabled.Add(name);
            }
        }

        return enabled;
    }
}
