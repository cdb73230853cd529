using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>The revocation endpoint: POST /oauth2/revoke (RFC 7009).</summary>
internal sealed class RevocationEndpoint(ClientAuthentication authentication, TokenStore tokens, OpaqueTokenFactory factory)
    : IOpenIddictServerHandler<ValidateRevocationRequestContext>
{
    public async ValueTask HandleAsync(ValidateRevocationRequestContext context)
    {
        var http = context.Transaction.GetHttpContext();
        try
        {
            var form = await RequestForm.ReadAsync(http.Request, withQuery: false);
            if (form.IsEmpty)
            {
                throw OAuth2Error.InvalidRequest.With("The POST body can not be empty.");
            }

            var client = authentication.Authenticate(http.Request, form);
            Revoke(client, form["token"]);
            http.ForbidCaching();
            http.Response.StatusCode = StatusCodes.Status200OK;
        }
        catch (OAuth2Exception exception)
        {
            await http.WriteProtocolErrorAsync(exception.Error);
        }

        context.HandleRequest();
    }

    /// <summary>Ends the whole grant. A token that is unknown is as good as revoked, so nobody learns which there are.</summary>
    private void Revoke(OAuth2Client client, string token)
    {
        var stored = factory.IsGenuine(token, OpaqueTokenFactory.RefreshToken) && tokens.FindRefreshToken(token) is { } refresh
            ? refresh
            : factory.IsGenuine(token, OpaqueTokenFactory.AccessToken) ? tokens.FindAccessToken(token) : null;
        if (stored is null)
        {
            return;
        }

        if (stored.Session.ClientId != client.Id)
        {
            throw OAuth2Error.UnauthorizedClient.AsException();
        }

        tokens.Revoke(stored.Session.RequestId);
    }
}
