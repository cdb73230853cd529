using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// Authenticates a client that proves itself with a signed JWT instead of a secret: <c>private_key_jwt</c> (RFC 7523, section 2.2;
/// OpenID Connect Core 1.0, section 9). The order of the checks is Hydra's, so that the same assertion is refused for the same reason.
/// </summary>
internal sealed class ClientAssertion(HydraSettings settings, ClientStore clients, UsedAssertions used, TimeProvider time)
{
    public const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public const string Method = "private_key_jwt";

    /// <summary>The algorithms that a client may sign with.</summary>
    public static readonly string[] Algorithms =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    private readonly string _tokenEndpoint = Urls.Append(settings.PublicUrl, "/oauth2/token");

    /// <summary>The client that the assertion of a form comes from.</summary>
    /// <exception cref="OAuth2Exception">It is no good, or not for here, or was used before.</exception>
    public async Task<OAuth2Client> AuthenticateAsync(RequestForm form)
    {
        var text = form["client_assertion"];
        if (text.Length == 0)
        {
            throw OAuth2Error.InvalidRequest.With(
                $"The client_assertion request parameter must be set when using client_assertion_type of '{JwtBearer}'.");
        }

        var (jwt, claims) = Read(text);
        var id = form["client_id"] is { Length: > 0 } named ? named : Text(claims, "sub") ?? throw OAuth2Error.InvalidClient.With(
            "The claim 'sub' from the client_assertion JSON Web Token is undefined.");
        var client = clients.Find(id) ?? throw OAuth2Error.InvalidClient.AsException();
        await RequireSignatureAsync(jwt, FindKey(client, jwt));
        RequireTimes(claims);
        RequireClaims(claims, id);
        return client;
    }

    private static (JsonWebToken Jwt, JsonElement Claims) Read(string text)
    {
        try
        {
            var jwt = new JsonWebToken(text);
            var claims = jwt.IsEncrypted ? default : GoJson.Unmarshal(Base64UrlEncoder.Decode(jwt.EncodedPayload));
            return claims.ValueKind switch
            {
                JsonValueKind.Object => (jwt, claims),
                // To Go, null is a set of claims with nothing in it.
                JsonValueKind.Null => (jwt, GoJson.Unmarshal("{}")),
                _ => throw NoIntegrity,
            };
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException or FormatException or SecurityTokenException)
        {
            throw NoIntegrity;
        }
    }

    private static JsonWebKey FindKey(OAuth2Client client, JsonWebToken jwt)
    {
        if (client.AuthenticationMethod != Method)
        {
            throw OAuth2Error.InvalidClient.With(client.IsPublic
                ? "This requested OAuth 2.0 client does not support client authentication, however 'client_assertion' was provided in the request."
                : $"This requested OAuth 2.0 client only supports client authentication method '{client.AuthenticationMethod}', however " +
                    (client.AuthenticationMethod is "client_secret_post" or "client_secret_basic"
                        ? "'client_assertion' was provided in the request."
                        : "that method is not supported by this server."));
        }

        if (client.AssertionAlgorithm != jwt.Alg)
        {
            throw OAuth2Error.InvalidClient.With(
                $"The 'client_assertion' uses signing algorithm '{jwt.Alg}' but the requested OAuth 2.0 Client enforces signing algorithm " +
                    $"'{client.AssertionAlgorithm}'.");
        }

        var keys = client.Keys;
        if (keys.Count == 0)
        {
            throw OAuth2Error.InvalidRequest.With("The retrieved JSON Web Key Set does not contain any key.");
        }

        var named = jwt.Kid is { Length: > 0 } kid ? [.. keys.Where(key => key.Kid == kid)] : keys;
        if (named.Count == 0)
        {
            throw OAuth2Error.InvalidRequest.With(
                $"The JSON Web Token uses signing key with kid '{jwt.Kid}', which could not be found.");
        }

        var (type, name) = jwt.Alg.StartsWith("ES", StringComparison.Ordinal)
            ? (JsonWebAlgorithmsKeyTypes.EllipticCurve, "ECDSA")
            : (JsonWebAlgorithmsKeyTypes.RSA, "RSA");
        return named.FirstOrDefault(key => key.Use == "sig" && key.Kty == type) ?? throw OAuth2Error.InvalidRequest.With(
            $"Unable to find {name} public key with use='sig' for kid '{jwt.Kid}' in JSON Web Key Set.");
    }

    private async Task RequireSignatureAsync(JsonWebToken jwt, JsonWebKey key)
    {
        // What a token calls critical must be understood (RFC 7515, section 4.1.11), and nothing of the kind is.
        if (jwt.TryGetHeaderValue<object>("crit", out _))
        {
            throw NoIntegrity;
        }

        var result = await _handler.ValidateTokenAsync(jwt, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [jwt.Alg],
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        if (!result.IsValid)
        {
            throw NoIntegrity;
        }
    }

    /// <summary>Hydra takes what it says of these for an error of its own, and names none. None of them has to be there.</summary>
    private void RequireTimes(JsonElement claims)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (Number(claims, "exp") is { } expiry and not 0 && now > expiry
            || Number(claims, "iat") is { } issued and not 0 && now < issued
            || Number(claims, "nbf") is { } start and not 0 && now < start)
        {
            throw OAuth2Error.Unrecognizable.AsException();
        }
    }

    private void RequireClaims(JsonElement claims, string client)
    {
        if (Text(claims, "iss") != client)
        {
            throw OAuth2Error.InvalidClient.With("Claim 'iss' from 'client_assertion' must match the 'client_id' of the OAuth 2.0 Client.");
        }

        if (Text(claims, "sub") != client)
        {
            throw OAuth2Error.InvalidClient.With("Claim 'sub' from 'client_assertion' must match the 'client_id' of the OAuth 2.0 Client.");
        }

        if (Text(claims, "jti") is not { Length: > 0 } id)
        {
            throw OAuth2Error.InvalidClient.With("Claim 'jti' from 'client_assertion' must be set but is not.");
        }

        if (used.Contains(id))
        {
            throw OAuth2Error.AssertionKnown.With("Claim 'jti' from 'client_assertion' MUST only be used once.");
        }

        var expiry = Number(claims, "exp") ?? throw OAuth2Error.InvalidClient.With(
            "Unable to type assert the expiry time from claims. This should not happen as we validate the expiry time already earlier with " +
                "token.Claims.Valid()");
        if (!used.TryAdd(id, expiry))
        {
            throw OAuth2Error.AssertionKnown.AsException();
        }

        if (!IsFor(claims, _tokenEndpoint))
        {
            throw OAuth2Error.InvalidClient.With(
                $"Claim 'audience' from 'client_assertion' must match the authorization server's token endpoint '{_tokenEndpoint}'.");
        }
    }

    private static bool IsFor(JsonElement claims, string audience) => claims.TryGetProperty("aud", out var value) && value.ValueKind switch
    {
        JsonValueKind.String => value.ValueEquals(audience),
        JsonValueKind.Array => value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(audience)),
        _ => false,
    };

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement claims, string name) =>
        !claims.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number
            ? null
            : value.TryGetInt64(out var whole) ? whole : (long)value.GetDouble();

    private static OAuth2Exception NoIntegrity =>
        OAuth2Error.InvalidClient.With("Unable to verify the integrity of the 'client_assertion' value.");
}
