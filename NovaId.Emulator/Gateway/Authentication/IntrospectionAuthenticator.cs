using System.Net;
using System.Text.Json;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>Authenticates by an OAuth2 access token, which it introspects (RFC 7662).</summary>
internal sealed class IntrospectionAuthenticator : IAuthenticator
{
    public static readonly string[] Keys =
    [
        "introspection_url", "scope_strategy", "required_scope[]", "target_audience[]", "trusted_issuers[]", "preserve_host",
        "introspection_request_headers.*", "cache.enabled", "cache.ttl", "cache.max_cost", .. TokenLocation.Keys,
    ];

    private readonly HttpMessageInvoker _client;
    private readonly TimeProvider _time;
    private readonly BoundedCache<Introspection>? _cache;
    private readonly TimeSpan? _cacheAge;
    private readonly Uri _address;
    private readonly Func<IReadOnlyList<string>, string, bool>? _scopeStrategy;
    private readonly IReadOnlyList<string> _scopes;
    private readonly IReadOnlyList<string> _audience;
    private readonly IReadOnlyList<string> _issuers;
    private readonly bool _preserveHost;
    private readonly Dictionary<string, string> _headers;
    private readonly TokenLocation _location;

    /// <param name="configuration">The configuration of the rule over that of the file.</param>
    /// <param name="client">Reaches the introspection endpoint.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cache">What earlier introspections said, for all rules together.</param>
    public IntrospectionAuthenticator(
        ConfigurationNode configuration, HttpMessageInvoker client, TimeProvider time, BoundedCache<Introspection> cache)
    {
        _client = client;
        _time = time;
        _address = configuration["introspection_url"].Uri();
        _scopeStrategy = ScopeStrategy.Read(configuration["scope_strategy"]);
        _scopes = configuration["required_scope"].Strings();
        _audience = configuration["target_audience"].Strings();
        _issuers = configuration["trusted_issuers"].Strings();
        _preserveHost = configuration["preserve_host"].Boolean(false);
        _headers = configuration["introspection_request_headers"].Entries.ToDictionary(e => e.Key, e => e.Value.RequireString());
        _location = new TokenLocation(configuration);
        var ttl = configuration["cache.ttl"];
        _cacheAge = ttl.Exists ? ttl.Duration(default) : null;
        // Without a strategy the endpoint itself judges the scope, so its answer holds for the scopes of one rule only.
        _cache = configuration["cache.enabled"].Boolean(false) && !(_scopeStrategy is null && _scopes.Count > 0) ? cache : null;
    }

    public async ValueTask<bool> AuthenticateAsync(GatewayRequest request, AuthenticationSession session, CancellationToken cancellationToken)
    {
        if (_location.Find(request) is not { } token)
        {
            return false;
        }

        var key = $"{token}|{_address.OriginalString}";
        Introspection? known = null;
        if (_cache is null || !_cache.TryGet(key, _cacheAge, out known))
        {
            known = await IntrospectAsync(token, request, cancellationToken);
            Require(known);
            _cache?.Set(key, known);
        }
        else
        {
            Require(known);
        }

        session.Subject = known.Subject;
        session.Extra = known.ToExtra();
        return true;
    }

    private async Task<Introspection> IntrospectAsync(string token, GatewayRequest request, CancellationToken cancellationToken)
    {
        var form = new List<KeyValuePair<string, string>> { new("token", token) };
        if (_scopeStrategy is null)
        {
            form.Add(new("scope", string.Join(' ', _scopes)));
        }

        using var message = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new FormUrlEncodedContent(form) };
        foreach (var (name, value) in _headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (_preserveHost)
        {
            message.Headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host);
        }

        Tracing.Inject(message);
        try
        {
            using var response = await _client.SendAsync(message, cancellationToken);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    await using (var body = await response.Content.ReadAsStreamAsync(cancellationToken))
                    {
                        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
                        return Introspection.Read(document.RootElement);
                    }

                case HttpStatusCode.TooManyRequests:
                    throw GatewayException.TooManyRequests(response);
                default:
                    throw GatewayException.Internal($"Introspection returned status code {(int)response.StatusCode} but expected 200");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            throw GatewayException.Internal(exception.Message);
        }
    }

    /// <summary>Everything that the rule asks of a token, on every request: a cached answer spares the call, not the questions.</summary>
    private void Require(Introspection token)
    {
        if (token.TokenUse is not ("" or "access_token"))
        {
            throw GatewayException.Forbidden($"Use of introspected token is not an access token but \"{token.TokenUse}\"");
        }

        if (!token.Active)
        {
            throw GatewayException.Unauthorized("Access token is not active");
        }

        if (token.Expires > 0 && DateTimeOffset.FromUnixTimeSeconds(token.Expires) < _time.GetUtcNow())
        {
            throw GatewayException.Unauthorized("Access token expired");
        }

        foreach (var audience in _audience)
        {
            if (!token.Audience.Contains(audience))
            {
                throw GatewayException.Forbidden($"Token audience is not intended for target audience {audience}");
            }
        }

        if (_issuers.Count > 0 && !_issuers.Contains(token.Issuer))
        {
            throw GatewayException.Forbidden("Token issuer does not match any trusted issuer");
        }

        if (_scopeStrategy is not null && _scopes.FirstOrDefault(scope => !_scopeStrategy(token.Scope.Split(' '), scope)) is { } missing)
        {
            throw GatewayException.Forbidden($"Scope {missing} was not granted");
        }
    }
}
