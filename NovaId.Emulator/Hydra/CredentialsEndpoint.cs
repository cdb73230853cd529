namespace NovaId.Emulator.Hydra;

/// <summary>
/// The endpoint for verifiable credentials, POST /credentials, which discovery promises: who may call it is decided as in Hydra. Nothing in
/// NovaId asks for a credential, and none is issued here.
/// </summary>
internal sealed class CredentialsEndpoint(TokenIntrospector introspector)
{
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapApi(HttpMethods.Post, "/credentials", CreateAsync);

    private async Task CreateAsync(HttpContext http)
    {
        var (_, isRefreshToken) = introspector.Introspect(await UserInfoEndpoint.ReadTokenAsync(http.Request), "access_token", []);
        if (isRefreshToken)
        {
            throw OAuth2Error.InvalidRequest.With("The provided token is not an access token.");
        }

        var format = await http.ReadBodyAsync(
            body => body.Text("format"),
            _ => OAuth2Error.InvalidRequest with { Hint = "Unable to decode request body." });
        throw format == "jwt_vc_json"
            ? OAuth2Error.NotImplemented("verifiable credentials").AsException()
            : OAuth2Error.InvalidRequest.With($"The format \"{format}\" is not supported.");
    }
}
