using System.Text.Json;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Authentication;
using NovaId.Emulator.Gateway.Requests;
using NovaId.Emulator.Gateway.Templates;

namespace NovaId.Emulator.Gateway.Mutation;

/// <summary>Puts a signed statement about the caller (RFC 7519) in the place of what the caller authenticated with.</summary>
internal sealed class IdTokenMutator : IMutator
{
    public static readonly string[] Keys = ["claims", "issuer_url", "jwks_url", "ttl"];

    /// <summary>How many callers' tokens are kept; the next one is signed anew.</summary>
    private const int CacheCapacity = 10_000;

    private readonly TimeProvider _time;
    private readonly SigningKeySet _keys;
    private readonly string _issuer;
    private readonly TimeSpan _lifetime;
    private readonly GoTemplate? _claims;
    private readonly BoundedCache<(string Token, DateTimeOffset Expires)> _cache;

    public IdTokenMutator(ConfigurationNode configuration, SigningKeySet keys, TimeProvider time)
    {
        _time = time;
        _keys = keys;
        _issuer = configuration["issuer_url"].RequireString();
        _lifetime = configuration["ttl"].Duration(TimeSpan.FromMinutes(15));
        _claims = configuration["claims"] is { Exists: true } claims ? TemplateReader.Read(claims) : null;
        _cache = new(time, CacheCapacity, _lifetime);
    }

    public void Mutate(AuthenticationSession session)
    {
        var rendered = _claims?.Render(session) ?? "";
        var claims = Parse(rendered);
        var now = _time.GetUtcNow();
        var key = $"{rendered}|{session.Subject}";

        // A token is used again until a tenth of its life is left.
        if (!_cache.TryGet(key, _lifetime, out var known) || known.Expires < now + (_lifetime / 10))
        {
            var expires = now + _lifetime;
            claims["exp"] = expires.ToUnixTimeSeconds();
            claims["iat"] = now.ToUnixTimeSeconds();
            claims["iss"] = _issuer;
            claims["jti"] = Guid.NewGuid().ToString();
            claims["nbf"] = now.ToUnixTimeSeconds();
            claims["sub"] = session.Subject;
            known = (_keys.Sign(GoValue.ToJson(claims)), expires);
            _cache.Set(key, known);
        }

        session.Headers["Authorization"] = $"Bearer {known.Token}";
    }

    private static Dictionary<string, object?> Parse(string claims)
    {
        if (claims.Length == 0)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(claims);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? GoValue.MapFromJson(document.RootElement)
                : throw GatewayException.Internal("The claims template rendered no JSON object");
        }
        catch (JsonException exception)
        {
            throw GatewayException.Internal($"The claims template rendered no JSON: {exception.Message}");
        }
    }
}
