using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Hydra;

/// <summary>The metadata of an OAuth2 client: which members it has, and what Hydra accepts in them.</summary>
internal static class ClientMetadata
{
    /// <summary>The lifespans that a client may have of its own.</summary>
    public static readonly string[] Lifespans =
    [
        "authorization_code_grant_access_token_lifespan",
        "authorization_code_grant_id_token_lifespan",
        "authorization_code_grant_refresh_token_lifespan",
        "client_credentials_grant_access_token_lifespan",
        "implicit_grant_access_token_lifespan",
        "implicit_grant_id_token_lifespan",
        "jwt_bearer_grant_access_token_lifespan",
        "refresh_token_grant_id_token_lifespan",
        "refresh_token_grant_access_token_lifespan",
        "refresh_token_grant_refresh_token_lifespan",
        "device_authorization_grant_id_token_lifespan",
        "device_authorization_grant_access_token_lifespan",
        "device_authorization_grant_refresh_token_lifespan",
    ];

    public static readonly ClientMember[] Members =
    [
        new("client_id", ClientMemberKind.Text),
        new("client_name", ClientMemberKind.Text),
        new("redirect_uris", ClientMemberKind.List),
        new("grant_types", ClientMemberKind.List),
        new("response_types", ClientMemberKind.List),
        new("scope", ClientMemberKind.Text),
        new("audience", ClientMemberKind.List),
        new("owner", ClientMemberKind.Text),
        new("policy_uri", ClientMemberKind.Text),
        new("allowed_cors_origins", ClientMemberKind.List),
        new("tos_uri", ClientMemberKind.Text),
        new("client_uri", ClientMemberKind.Text),
        new("logo_uri", ClientMemberKind.Text),
        new("contacts", ClientMemberKind.List),
        new("subject_type", ClientMemberKind.Text),
        new("sector_identifier_uri", ClientMemberKind.Text, OmitEmpty: true),
        new("jwks_uri", ClientMemberKind.Text, OmitEmpty: true),
        new("token_endpoint_auth_method", ClientMemberKind.Text, OmitEmpty: true),
        new("token_endpoint_auth_signing_alg", ClientMemberKind.Text, OmitEmpty: true),
        new("request_uris", ClientMemberKind.List, OmitEmpty: true),
        new("request_object_signing_alg", ClientMemberKind.Text, OmitEmpty: true),
        new("userinfo_signed_response_alg", ClientMemberKind.Text, OmitEmpty: true),
        new("frontchannel_logout_uri", ClientMemberKind.Text, OmitEmpty: true),
        new("frontchannel_logout_session_required", ClientMemberKind.Flag, OmitEmpty: true),
        new("post_logout_redirect_uris", ClientMemberKind.List, OmitEmpty: true),
        new("backchannel_logout_uri", ClientMemberKind.Text, OmitEmpty: true),
        new("backchannel_logout_session_required", ClientMemberKind.Flag, OmitEmpty: true),
        new("metadata", ClientMemberKind.Any, OmitEmpty: true),
        new("access_token_strategy", ClientMemberKind.Text, OmitEmpty: true),
        new("skip_consent", ClientMemberKind.Flag),
        new("skip_logout_consent", ClientMemberKind.OptionalFlag),
        .. Lifespans.Select(name => new ClientMember(name, ClientMemberKind.Duration)),
    ];

    /// <summary>The members whose columns take so many characters and no more.</summary>
    private static readonly Dictionary<string, int> Limits = new()
    {
        ["client_id"] = 255,
        ["token_endpoint_auth_method"] = 25,
        ["token_endpoint_auth_signing_alg"] = 10,
    };

    /// <summary>Members that make Hydra call out, or change how tokens look: a client that sets one is refused here.</summary>
    private static readonly string[] NotImplemented =
    [
        "sector_identifier_uri",
        "jwks_uri",
        "request_uris",
        "frontchannel_logout_uri",
        "backchannel_logout_uri",
    ];

    /// <summary>The members that a body sets, each of its type.</summary>
    /// <exception cref="JsonException">One is of another type.</exception>
    /// <exception cref="OAuth2Exception">A key is of a kind that the emulator does not know.</exception>
    public static JsonObject Parse(JsonReader body)
    {
        var metadata = new JsonObject();
        foreach (var member in Members)
        {
            metadata[member.Name] = member.Kind switch
            {
                ClientMemberKind.Text => body.Text(member.Name),
                ClientMemberKind.List => body.Texts(member.Name) is { } texts ? ToArray(texts) : null,
                ClientMemberKind.Flag => body.Flag(member.Name),
                ClientMemberKind.OptionalFlag => body.OptionalFlag(member.Name),
                ClientMemberKind.Duration => body.Duration(member.Name) is { } duration ? GoDuration.Format(duration) : null,
                _ => body.Any(member.Name),
            };
        }

        metadata["jwks"] = ClientKeys.Parse(body.Member("jwks"));
        return metadata;
    }

    /// <summary>Checks the metadata as Hydra does, and fills in what it fills in.</summary>
    /// <exception cref="OAuth2Exception">Hydra refuses it, or the emulator does not implement it.</exception>
    public static void Validate(JsonObject metadata, string secret, HydraSettings settings)
    {
        foreach (var member in NotImplemented.Where(name => !IsEmpty(metadata[name])))
        {
            throw OAuth2Error.NotImplemented($"clients with {member}").AsException();
        }

        ValidateAuthentication(metadata);

        foreach (var member in new[] { "tos_uri", "policy_uri", "logo_uri", "client_uri" })
        {
            var uri = Text(metadata, member);
            if (uri.Length > 0 && !Urls.IsRequestUri(uri))
            {
                throw OAuth2Error.InvalidClientMetadata.With($"Field {member} must be a valid URI.");
            }

            if (uri.Length > 0 && !IsWeb(uri))
            {
                throw OAuth2Error.InvalidClientMetadata.With($"{uri} must use https:// or http:// as HTTP scheme for field {member}.");
            }
        }

        if (GoText.Length(secret) is > 0 and < 6)
        {
            throw OAuth2Error.InvalidClientMetadata.With("Field client_secret must contain a secret that is at least 6 characters long.");
        }

        Default(metadata, "scope", string.Join(' ', settings.DefaultClientScope));
        metadata["allowed_cors_origins"] ??= new JsonArray();
        metadata["audience"] ??= new JsonArray();
        metadata["metadata"] ??= new JsonObject();
        foreach (var origin in List(metadata, "allowed_cors_origins").Where(origin => !IsWeb(origin)))
        {
            throw OAuth2Error.InvalidClientMetadata.With($"Origin URL {origin} must use https:// or http:// as HTTP scheme.");
        }

        ValidateStrategies(metadata);
        ValidateRedirects(metadata);
        foreach (var member in Members)
        {
            var texts = member.Kind switch
            {
                ClientMemberKind.Text => [Text(metadata, member.Name)],
                ClientMemberKind.List => List(metadata, member.Name),
                _ => [],
            };
            texts.ForEach(text => StoredText.Require(text, Limits.GetValueOrDefault(member.Name, int.MaxValue)));
        }
    }

    public static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonArray array => array.Count == 0,
        JsonObject => false,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>().Length == 0,
            JsonValueKind.False => true,
            _ => false,
        },
    };

    public static JsonArray ToArray(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static void ValidateAuthentication(JsonObject metadata)
    {
        Default(metadata, "token_endpoint_auth_method", "client_secret_basic");
        switch (Text(metadata, "token_endpoint_auth_method"))
        {
            case "client_secret_jwt":
                throw OAuth2Error.NotImplemented("the client authentication method client_secret_jwt").AsException();
            case ClientAssertion.Method when metadata["jwks"] is null:
                throw OAuth2Error.InvalidClientMetadata.With(
                    "When token_endpoint_auth_method is 'private_key_jwt', either jwks or jwks_uri must be set.");
            case ClientAssertion.Method
                when Text(metadata, "token_endpoint_auth_signing_alg") is { Length: > 0 } algorithm && !ClientAssertion.Algorithms.Contains(algorithm):
                throw OAuth2Error.InvalidClientMetadata.With(
                    "Only RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and ES512 are supported as algorithms for private key " +
                        "authentication.");
        }
    }

    private static void ValidateStrategies(JsonObject metadata)
    {
        Default(metadata, "userinfo_signed_response_alg", "none");
        switch (Text(metadata, "userinfo_signed_response_alg"))
        {
            case "none":
                break;
            case "RS256":
                throw OAuth2Error.NotImplemented("signed answers of userinfo").AsException();
            default:
                throw OAuth2Error.InvalidClientMetadata.With("Field userinfo_signed_response_alg can either be 'none' or 'RS256'.");
        }

        Default(metadata, "subject_type", "public");
        if (Text(metadata, "subject_type") is var subjectType and not "public")
        {
            throw OAuth2Error.InvalidClientMetadata.With(
                $"Subject type {subjectType} is not supported by server, only [public] are allowed.");
        }

        switch (Text(metadata, "access_token_strategy"))
        {
            case "" or "opaque":
                break;
            case "jwt":
                throw OAuth2Error.NotImplemented("access tokens that are JWTs").AsException();
            default:
                throw OAuth2Error.InvalidClientMetadata.With(
                    "invalid access token strategy: access_token_strategy must be one of [opaque jwt]");
        }
    }

    private static void ValidateRedirects(JsonObject metadata)
    {
        var redirects = List(metadata, "redirect_uris");
        foreach (var redirect in redirects)
        {
            if (redirect.Contains('#'))
            {
                throw OAuth2Error.InvalidRedirectUri.With("Redirect URIs must not contain fragments (#).");
            }

            if (!Urls.IsRequestUri(redirect))
            {
                throw OAuth2Error.InvalidRedirectUri.With($"Unable to parse redirect URL: {redirect}");
            }
        }

        foreach (var address in List(metadata, "post_logout_redirect_uris"))
        {
            if (!Urls.IsRequestUri(address))
            {
                throw OAuth2Error.InvalidClientMetadata.With($"Unable to parse post_logout_redirect_uri: {address}");
            }

            if (!redirects.Any(redirect => IsSameOrigin(redirect, address)))
            {
                throw OAuth2Error.InvalidClientMetadata.With(
                    $"post_logout_redirect_uri \"{address}\" must match the domain, port, scheme of at least one of the registered " +
                        "redirect URIs but did not");
            }
        }
    }

    private static bool IsSameOrigin(string left, string right) =>
        Uri.TryCreate(left, UriKind.Absolute, out var first)
        && Uri.TryCreate(right, UriKind.Absolute, out var second)
        && Uri.Compare(first, second, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.Ordinal) == 0;

    private static bool IsWeb(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && (parsed.Scheme == Uri.UriSchemeHttp || parsed.Scheme == Uri.UriSchemeHttps);

    private static void Default(JsonObject metadata, string member, string value)
    {
        if (Text(metadata, member).Length == 0)
        {
            metadata[member] = value;
        }
    }

    private static string Text(JsonObject metadata, string member) => metadata[member]?.GetValue<string>() ?? "";

    private static List<string> List(JsonObject metadata, string member) =>
        metadata[member] is JsonArray array ? [.. array.Select(item => item!.GetValue<string>())] : [];
}
