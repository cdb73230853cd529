using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>The userinfo endpoint: GET or POST /userinfo (OpenID Connect Core, section 5.3).</summary>
internal sealed class UserInfoEndpoint(HydraSettings settings, TokenIntrospector introspector)
    : IOpenIddictServerHandler<ValidateUserInfoRequestContext>
{
    private const string Scheme = "Bearer ";

    public async ValueTask HandleAsync(ValidateUserInfoRequestContext context)
    {
        var http = context.Transaction.GetHttpContext();
        try
        {
            var (token, isRefreshToken) = introspector.Introspect(await ReadTokenAsync(http.Request), "access_token", []);
            if (isRefreshToken)
            {
                throw new OAuth2Exception(new OAuth2Error("invalid_token", StatusCodes.Status401Unauthorized, "Only access tokens are allowed in the authorization header."));
            }

            var claims = token.Session.IdToken.ToClaims(settings.Issuer);
            foreach (var name in (string[])["nonce", "at_hash", "c_hash", "exp", "sid", "jti"])
            {
                claims.Remove(name);
            }

            var audience = token.Session.IdToken.Audience;
            claims["aud"] = ClientMetadata.ToArray(audience.Contains(token.Session.ClientId) ? audience : [.. audience, token.Session.ClientId]);
            await http.WriteJsonAsync(claims);
        }
        catch (OAuth2Exception exception)
        {
            if (exception.Error.Status == StatusCodes.Status401Unauthorized)
            {
                http.Response.Headers.WWWAuthenticate = $"Bearer error=\"{exception.Error.Code}\",error_description=\"{exception.Error.FullDescription}\"";
            }

            await http.WriteErrorAsync(exception.Error);
        }

        context.HandleRequest();
    }

    /// <summary>The header wins; a form or the query may hold the token instead (RFC 6750, section 2).</summary>
    private static async Task<string> ReadTokenAsync(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..]
            : (await RequestForm.ReadAsync(request, withQuery: true))["access_token"];
    }
}
