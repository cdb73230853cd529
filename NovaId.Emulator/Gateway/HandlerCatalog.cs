using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Authentication;
using NovaId.Emulator.Gateway.Authorization;
using NovaId.Emulator.Gateway.Errors;
using NovaId.Emulator.Gateway.Mutation;
using NovaId.Emulator.Hosting;

namespace NovaId.Emulator.Gateway;

/// <summary>
/// The handlers that rules may name. A rule's configuration of a handler is laid over the one in the service's own file; a handler that
/// is not known, or not enabled there, stops the start.
/// </summary>
internal sealed class HandlerCatalog : IDisposable
{
    private const int IntrospectionCacheCapacity = 10_000;

    private static readonly IReadOnlyDictionary<string, string[]> AuthenticatorKeys = new Dictionary<string, string[]>
    {
        ["noop"] = [],
        ["unauthorized"] = [],
        ["anonymous"] = AnonymousAuthenticator.Keys,
        ["oauth2_introspection"] = IntrospectionAuthenticator.Keys,
        ["bearer_token"] = BearerTokenAuthenticator.Keys,
        ["cookie_session"] = CookieSessionAuthenticator.Keys,
    };

    private static readonly IReadOnlyDictionary<string, string[]> AuthorizerKeys = new Dictionary<string, string[]> { ["allow"] = [], ["deny"] = [] };

    private static readonly IReadOnlyDictionary<string, string[]> MutatorKeys = new Dictionary<string, string[]>
    {
        ["noop"] = [],
        ["header"] = HeaderMutator.Keys,
        ["id_token"] = IdTokenMutator.Keys,
    };

    private static readonly IReadOnlyDictionary<string, string[]> ErrorKeys = new Dictionary<string, string[]>
    {
        ["json"] = JsonErrorHandler.Keys,
        ["redirect"] = RedirectErrorHandler.Keys,
    };

    private readonly ServiceContext _context;
    private readonly ConfigurationNode _root;
    private readonly HttpMessageInvoker _client;
    private readonly BoundedCache<Introspection> _introspections;
    private readonly Dictionary<string, SigningKeySet> _keys = [];

    public HandlerCatalog(ServiceContext context, ConfigurationNode root, HttpMessageInvoker client)
    {
        _context = context;
        _root = root;
        _client = client;
        _introspections = new(context.Time, IntrospectionCacheCapacity);
        var jwks = root["mutators.id_token.config.jwks_url"];
        if (jwks.Exists)
        {
            // The public half is served whether a rule signs with the key or not.
            Keys(jwks);
        }

        Fallback = ReadFallback();
    }

    /// <summary>Every key that the service's file may have for handlers.</summary>
    public static IEnumerable<string> KnownKeys { get; } =
    [
        .. Section("authenticators", AuthenticatorKeys),
        .. Section("authorizers", AuthorizerKeys),
        .. Section("mutators", MutatorKeys),
        .. Section("errors.handlers", ErrorKeys),
        "errors.fallback[]",
    ];

    /// <summary>What answers where no rule has a handler of its own.</summary>
    public JsonErrorHandler Fallback { get; }

    /// <summary>Every key set that id_tokens may be signed with.</summary>
    public IReadOnlyCollection<SigningKeySet> SigningKeys => _keys.Values;

    public IAuthenticator Authenticator(ConfigurationNode node)
    {
        var (name, configuration) = Resolve("authenticators", AuthenticatorKeys, node);
        return name switch
        {
            "noop" => new NoopAuthenticator(),
            "unauthorized" => new UnauthorizedAuthenticator(),
            "anonymous" => new AnonymousAuthenticator(configuration),
            "bearer_token" => new BearerTokenAuthenticator(configuration, _client),
            "cookie_session" => new CookieSessionAuthenticator(configuration, _client),
            _ => new IntrospectionAuthenticator(configuration, _client, _context.Time, _introspections),
        };
    }

    public IAuthorizer Authorizer(ConfigurationNode node) =>
        Resolve("authorizers", AuthorizerKeys, node).Name == "allow" ? new AllowAuthorizer() : new DenyAuthorizer();

    public IMutator Mutator(ConfigurationNode node)
    {
        var (name, configuration) = Resolve("mutators", MutatorKeys, node);
        return name switch
        {
            "noop" => new NoopMutator(),
            "header" => new HeaderMutator(configuration),
            _ => new IdTokenMutator(configuration, Keys(configuration["jwks_url"]), _context.Time),
        };
    }

    /// <summary>The error handlers of a rule. The one that is responsible answers; the fallback where none is.</summary>
    public IReadOnlyList<IErrorHandler> ErrorHandlers(ConfigurationNode list) => [.. list.Items.Select(ErrorHandler)];

    public void Dispose()
    {
        foreach (var keys in _keys.Values)
        {
            keys.Dispose();
        }
    }

    private static IEnumerable<string> Section(string section, IReadOnlyDictionary<string, string[]> handlers) =>
        handlers.SelectMany(
            handler => handler.Value.Select(key => $"config.{key}").Prepend("enabled"),
            (handler, key) => $"{section}.{handler.Key}.{key}");

    private (string Name, ConfigurationNode Configuration) Resolve(
        string section, IReadOnlyDictionary<string, string[]> known, ConfigurationNode node)
    {
        var name = node["handler"].RequireString();
        if (!known.TryGetValue(name, out var keys))
        {
            throw node["handler"].Error($"is '{name}', which the emulator does not know. It knows: {string.Join(", ", known.Keys)}.");
        }

        var handler = _root[$"{section}.{name}"];
        // The json error handler is the one that is enabled where nothing is said of it.
        if (!handler["enabled"].Boolean(name == "json" && !handler.Exists))
        {
            throw node["handler"].Error($"is '{name}', which is not enabled. Set {section}.{name}.enabled in the service's own file.");
        }

        var configuration = handler["config"].Overlay(node["config"]);
        ConfigurationFile.RequireKnown(configuration, keys);
        return (name, configuration);
    }

    private IErrorHandler ErrorHandler(ConfigurationNode node)
    {
        var (name, configuration) = Resolve("errors.handlers", ErrorKeys, node);
        return name == "json" ? JsonErrorHandler.Read(configuration) : RedirectErrorHandler.Read(configuration);
    }

    private JsonErrorHandler ReadFallback()
    {
        var fallback = _root["errors.fallback"];
        if (fallback.Exists && fallback.Strings() is not ["json"])
        {
            throw fallback.Error("must be [json], the one fallback that the emulator knows.");
        }

        var json = _root["errors.handlers.json"];
        return json["enabled"].Boolean(!json.Exists)
            ? JsonErrorHandler.Read(json["config"])
            : throw json["enabled"].Error("is false, so nothing could answer an error. Set it to true.");
    }

    private SigningKeySet Keys(ConfigurationNode address)
    {
        var path = _context.Resolve(address);
        if (!_keys.TryGetValue(path, out var keys))
        {
            keys = SigningKeySet.Read(address, path);
            _keys[path] = keys;
        }

        return keys;
    }
}
