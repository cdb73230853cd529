using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>The discovery document: what Hydra says it can do, word for word.</summary>
internal sealed class DiscoveryDocument(HydraSettings settings) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        var metadata = context.Metadata;
        metadata["issuer"] = settings.Issuer;
        metadata["authorization_endpoint"] = Urls.Append(settings.PublicUrl, "/oauth2/auth");
        metadata["device_authorization_endpoint"] = Urls.Append(settings.PublicUrl, "/oauth2/device/auth");
        metadata["token_endpoint"] = Urls.Append(settings.PublicUrl, "/oauth2/token");
        metadata["jwks_uri"] = Urls.Append(settings.Issuer, "/.well-known/jwks.json");
        metadata["userinfo_endpoint"] = Urls.Append(settings.PublicUrl, "/userinfo");
        metadata["revocation_endpoint"] = Urls.Append(settings.Issuer, "/oauth2/revoke");
        metadata["end_session_endpoint"] = Urls.Append(settings.Issuer, "/oauth2/sessions/logout");
        metadata["credentials_endpoint_draft_00"] = Urls.Append(settings.PublicUrl, "/credentials");
        metadata["subject_types_supported"] = List("public");
        metadata["response_types_supported"] = List("code", "code id_token", "id_token", "token id_token", "token", "token id_token code");
        metadata["claims_supported"] = List("sub");
        metadata["grant_types_supported"] = List(
            "authorization_code",
            "implicit",
            "client_credentials",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code");
        metadata["response_modes_supported"] = List("query", "fragment", "form_post");
        metadata["scopes_supported"] = List("offline_access", "offline", "openid");
        metadata["token_endpoint_auth_methods_supported"] = List("client_secret_post", "client_secret_basic", "private_key_jwt", "none");
        metadata["id_token_signing_alg_values_supported"] = List("RS256");
        metadata["id_token_signed_response_alg"] = List("RS256");
        metadata["userinfo_signing_alg_values_supported"] = List("none", "RS256");
        metadata["userinfo_signed_response_alg"] = List("RS256");
        metadata["request_object_signing_alg_values_supported"] = List("none", "RS256", "ES256");
        metadata["code_challenge_methods_supported"] = List("plain", "S256");
        metadata["claims_parameter_supported"] = false;
        foreach (var ability in new[]
        {
            "request_parameter_supported",
            "request_uri_parameter_supported",
            "require_request_uri_registration",
            "backchannel_logout_supported",
            "backchannel_logout_session_supported",
            "frontchannel_logout_supported",
            "frontchannel_logout_session_supported",
        })
        {
            metadata[ability] = true;
        }
        metadata["credentials_supported_draft_00"] = new OpenIddictParameter(new JsonArray(new JsonObject
        {
            ["format"] = "jwt_vc_json",
            ["types"] = ClientMetadata.ToArray(["VerifiableCredential", "UserInfoCredential"]),
            ["cryptographic_binding_methods_supported"] = ClientMetadata.ToArray(["jwk"]),
            ["cryptographic_suites_supported"] = ClientMetadata.ToArray(
                ["PS256", "RS256", "ES256", "PS384", "RS384", "ES384", "PS512", "RS512", "ES512", "EdDSA"]),
        }));

        // OpenIddict would mention these by itself.
        metadata["require_pushed_authorization_requests"] = default;
        metadata["tls_client_certificate_bound_access_tokens"] = default;
        return ValueTask.CompletedTask;
    }

    private static OpenIddictParameter List(params string?[] values) => new(ImmutableArray.Create(values));
}
