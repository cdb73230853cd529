using System.Text.Json.Nodes;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>GET /.well-known/openid-configuration (OpenID Connect Discovery 1.0): what this server really does, under Hydra's names.</summary>
internal sealed class DiscoveryEndpoint(HydraSettings settings) : IOpenIddictServerHandler<ApplyConfigurationResponseContext>
{
    public async ValueTask HandleAsync(ApplyConfigurationResponseContext context)
    {
        await context.Transaction.GetHttpContext().WriteJsonAsync(new JsonObject
        {
            ["issuer"] = settings.Issuer,
            ["authorization_endpoint"] = Urls.Append(settings.PublicUrl, "/oauth2/auth"),
            ["token_endpoint"] = Urls.Append(settings.PublicUrl, "/oauth2/token"),
            ["jwks_uri"] = Urls.Append(settings.PublicUrl, "/.well-known/jwks.json"),
            ["revocation_endpoint"] = Urls.Append(settings.Issuer, "/oauth2/revoke"),
            ["userinfo_endpoint"] = Urls.Append(settings.PublicUrl, "/userinfo"),
            ["subject_types_supported"] = Texts("public"),
            ["response_types_supported"] = Texts("code"),
            ["response_modes_supported"] = Texts("query", "fragment", "form_post"),
            ["grant_types_supported"] = Texts("authorization_code", "client_credentials", "refresh_token"),
            ["claims_supported"] = Texts("sub"),
            ["scopes_supported"] = Texts("offline_access", "offline", "openid"),
            ["token_endpoint_auth_methods_supported"] = Texts("client_secret_post", "client_secret_basic", "none"),
            ["id_token_signing_alg_values_supported"] = Texts("RS256"),
            ["id_token_signed_response_alg"] = Texts("RS256"),
            ["userinfo_signing_alg_values_supported"] = Texts("none"),
            ["code_challenge_methods_supported"] = Texts("S256"),
            ["request_parameter_supported"] = false,
            ["request_uri_parameter_supported"] = false,
            ["require_request_uri_registration"] = true,
        });
        context.HandleRequest();
    }

    private static JsonArray Texts(params ReadOnlySpan<string> values) => ClientMetadata.ToArray(values.ToArray());
}
