using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NovaId.Api.Configuration;
using NovaId.Api.Http;

namespace NovaId.Api.Authentication;

/// <summary>
/// Takes the gateway's id_token and nothing else: anything on the edge network can send headers, only the gateway can sign.
/// </summary>
internal sealed class IdTokenAuthenticator(GatewayKeys keys, VerifiedTokens remembered, IOptions<GatewayOptions> options, TimeProvider time)
{
    public const string Audience = "novaid-api";

    /// <summary>The original bearer of an OAuth2 caller, as the gateway hands it on.</summary>
    public const string OriginalAuthorization = "X-Orig-Authorization";

    private const string Scheme = "Bearer ";
    private const int MaximumLength = 8192;
    private const int MaximumClaimLength = 512;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <exception cref="RefusalException">There is no id_token of the gateway, or the gateway's keys cannot be had.</exception>
    public async Task<IdToken> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization.Count == 0)
        {
            throw Refusal.Unauthenticated("no id_token").AsException();
        }

        var encoded = Bearer(request, "Authorization") ?? throw Invalid("Authorization is no single bearer token");
        if (remembered.TryFind(encoded, out var verified)
            && ReferenceEquals(verified.Key, await keys.FindAsync(verified.Key.KeyId, cancellationToken)))
        {
            return verified.CountsAt(time.GetUtcNow())
                ? Read(verified.Claims, request)
                : throw Invalid("id_token expired or not yet valid");
        }

        verified = await VerifyAsync(encoded, cancellationToken);
        var idToken = Read(verified.Claims, request);
        remembered.Add(encoded, verified);
        return idToken;
    }

    private async Task<VerifiedToken> VerifyAsync(string encoded, CancellationToken cancellationToken)
    {
        var token = Parse(encoded);
        var key = await keys.FindAsync(token.Kid, cancellationToken) ?? throw Invalid("id_token signed by a key that is not the gateway's");
        var result = await _handler.ValidateTokenAsync(token, Parameters(key));
        if (!result.IsValid)
        {
            throw Invalid(Reason(result.Exception));
        }

        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        return new VerifiedToken(key, token.ValidFrom, token.ValidTo, payload.RootElement.Clone());
    }

    private static JsonWebToken Parse(string encoded)
    {
        // Three parts: an encrypted token has five.
        if (encoded.Length > MaximumLength || encoded.Count(character => character == '.') != 2)
        {
            throw Invalid("Authorization is no id_token");
        }

        JsonWebToken token;
        try
        {
            token = new JsonWebToken(encoded);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or FormatException or JsonException)
        {
            throw Invalid("Authorization is no id_token");
        }

        return token switch
        {
            { Alg: not SecurityAlgorithms.EcdsaSha256 } => throw Invalid("id_token not signed with ES256"),
            { Typ: not "JWT" } => throw Invalid("id_token of another type"),
            { Kid: null or { Length: 0 or > 128 } } => throw Invalid("id_token names no key"),
            // An extension that must be understood and is not (RFC 7515, section 4.1.11).
            _ when token.TryGetHeaderValue<object>("crit", out _) => throw Invalid("id_token with a critical extension"),
            _ => token,
        };
    }

    private TokenValidationParameters Parameters(SecurityKey key) => new()
    {
        IssuerSigningKey = key,
        RequireSignedTokens = true,
        TryAllIssuerSigningKeys = false,
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        ValidTypes = ["JWT"],
        ValidIssuer = options.Value.ExpectedIssuer,
        ValidAudience = Audience,
        RequireAudience = true,
        RequireExpirationTime = true,
        LifetimeValidator = (notBefore, expires, _, _) => VerifiedToken.IsWithin(notBefore, expires, time.GetUtcNow()),
    };

    private static IdToken Read(JsonElement claims, HttpRequest request)
    {
        var subject = Required(claims, "sub");
        switch (Required(claims, "auth_method"))
        {
            case "session":
                return new IdToken
                {
                    Subject = subject,
                    Method = AuthenticationMethod.Session,
                    SessionId = Required(claims, "sid"),
                    AssuranceLevel = Required(claims, "acr"),
                };
            case "oauth2":
                return new IdToken
                {
                    Subject = subject,
                    Method = AuthenticationMethod.OAuth2,
                    ClientId = Required(claims, "client_id"),
                    AccessToken = Bearer(request, OriginalAuthorization) ?? throw Invalid($"no access token in {OriginalAuthorization}"),
                };
            default:
                throw Invalid("id_token with an auth_method that is not known");
        }
    }

    private static string Required(JsonElement claims, string claim) =>
        claims.TryGetProperty(claim, out var element)
        && element.ValueKind == JsonValueKind.String
        && element.GetString() is { Length: > 0 and <= MaximumClaimLength } value
        && !value.Any(char.IsControl)
            ? value
            : throw Invalid($"id_token without {claim}");

    /// <summary>The token of a bearer header that is there exactly once (RFC 6750, section 2.1); null for anything else.</summary>
    private static string? Bearer(HttpRequest request, string header) =>
        request.Headers[header] is [{ } value]
        && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && value[Scheme.Length..] is { Length: > 0 and <= MaximumLength } token
        && !token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? token
            : null;

    private static string Reason(Exception? failure) => failure switch
    {
        SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenInvalidLifetimeException
            or SecurityTokenNoExpirationException => "id_token expired or not yet valid",
        SecurityTokenInvalidIssuerException => "id_token of another issuer",
        SecurityTokenInvalidAudienceException => "id_token for another audience",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => "id_token with a false signature",
        _ => "id_token not valid",
    };

    private static RefusalException Invalid(string reason) => Refusal.InvalidToken(reason).AsException();
}
