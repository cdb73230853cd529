using System.Text.Json.Nodes;
using NovaId.Emulator.Go;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>The userinfo endpoint, GET or POST /userinfo (OpenID Connect Core, 5.3).</summary>
internal sealed class UserInfoEndpoint(HydraSettings settings, TokenIntrospector introspector)
    : IOpenIddictServerHandler<ValidateUserInfoRequestContext>
{
    public async ValueTask HandleAsync(ValidateUserInfoRequestContext context)
    {
        var http = context.Transaction.GetHttpContext();
        context.HandleRequest();
        try
        {
            var (token, isRefreshToken) = introspector.Introspect(await ReadTokenAsync(http.Request), "access_token", []);
            if (isRefreshToken)
            {
                Challenge(http, "invalid_token", "Only access tokens are allowed in the authorization header.");
                await http.WriteErrorAsync(OAuth2Error.Unrecognizable with { Status = StatusCodes.Status401Unauthorized });
                return;
            }

            await http.WriteJsonAsync(CreateAnswer(token.Session));
        }
        catch (OAuth2Exception exception)
        {
            if (exception.Error.Status == StatusCodes.Status401Unauthorized)
            {
                Challenge(http, exception.Error.Code, exception.Error.FullDescription);
            }

            await http.WriteErrorAsync(exception.Error);
        }
    }

    private JsonObject CreateAnswer(TokenSession session)
    {
        var claims = session.IdToken.ToClaims(settings.Issuer);
        foreach (var name in new[] { "nonce", "at_hash", "c_hash", "exp", "sid", "jti" })
        {
            claims.Remove(name);
        }

        claims["aud"] = ClientMetadata.ToArray(session.IdToken.Audience.Append(session.ClientId).Distinct());
        return claims;
    }

    /// <summary>The access token of a request: in its header, its form or its query (RFC 6750).</summary>
    public static async Task<string> ReadTokenAsync(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return header[Scheme.Length..];
        }

        var form = await GoForm.ReadAsync(request);
        return form.IsReadable ? form.All["access_token"] : "";
    }

    private static void Challenge(HttpContext http, string error, string description) =>
        http.Response.Headers.WWWAuthenticate = $"Bearer error=\"{error}\",error_description=\"{description}\"";
}
