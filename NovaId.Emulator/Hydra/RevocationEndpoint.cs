using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>The revocation endpoint, POST /oauth2/revoke (RFC 7009).</summary>
internal sealed class RevocationEndpoint(
    ClientAuthentication authentication,
    TokenStore tokens,
    ILogger<RevocationEndpoint> logger)
    : IOpenIddictServerHandler<ValidateRevocationRequestContext>
{
    private static readonly OAuth2Error[] Told = [OAuth2Error.InvalidRequest, OAuth2Error.InvalidClient];

    public async ValueTask HandleAsync(ValidateRevocationRequestContext context)
    {
        var http = context.Transaction.GetHttpContext();
        context.HandleRequest();
        try
        {
            var form = await RequestForm.ReadAsync(http.Request, withQuery: false);
            if (form.IsEmpty)
            {
                throw OAuth2Error.InvalidRequest.AsException();
            }

            Revoke(await authentication.AuthenticateAsync(http.Request, form), form["token"], form["token_type_hint"]);
            http.ForbidCaching();
        }
        catch (OAuth2Exception exception)
        {
            // Hydra tells no more than which of the two it is, and nothing at all of anything else: it answers that as if it had been done.
            logger.LogRefusal(http.Request, exception.Error);
            if (Told.FirstOrDefault(error => error.Code == exception.Error.Code) is { } told)
            {
                await http.WriteProtocolErrorAsync(told);
            }
            else
            {
                http.ForbidCaching();
            }
        }
    }

    /// <summary>Revokes the token and everything else of its grant. What is not the client's own is left alone, without a word.</summary>
    private void Revoke(OAuth2Client client, string text, string hint)
    {
        var refreshToken = tokens.FindRefreshToken(text) is { IsActive: true } active ? active : null;
        var accessToken = tokens.FindAccessToken(text);
        var token = hint == "access_token" ? accessToken ?? refreshToken : refreshToken ?? accessToken;
        if (token?.Session.ClientId == client.Id)
        {
            tokens.Revoke(token.Session.RequestId);
        }
    }
}
