namespace NovaId.Emulator.Hydra;

/// <summary>An error of RFC 6749 as Hydra words it: a code, the fixed description of that code, and a hint about this case.</summary>
internal sealed record OAuth2Error(string Code, int Status, string Description, string Hint = "")
{
    public const string NotImplementedCode = "not_implemented";

    public static readonly OAuth2Error InvalidRequest = new(
        "invalid_request",
        400,
        "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or " +
            "is otherwise malformed.",
        "Make sure that the various parameters are correct, be aware of case sensitivity and trim your parameters. Make sure that " +
            "the client you are using has exactly whitelisted the redirect_uri you specified.");

    public static readonly OAuth2Error InvalidClient = new(
        "invalid_client",
        401,
        "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).");

    public static readonly OAuth2Error InvalidGrant = new(
        "invalid_grant",
        400,
        "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid, " +
            "expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.");

    public static readonly OAuth2Error UnauthorizedClient = new(
        "unauthorized_client",
        400,
        "The client is not authorized to request a token using this method.",
        "Make sure that client id and secret are correctly specified and that the client exists.");

    public static readonly OAuth2Error InvalidScope = new("invalid_scope", 400, "The requested scope is invalid, unknown, or malformed.");

    public static readonly OAuth2Error ScopeNotGranted = new(
        "scope_not_granted",
        403,
        "The token was not granted the requested scope.",
        "The resource owner did not grant the requested scope.");

    public static readonly OAuth2Error AccessDenied = new(
        "access_denied",
        403,
        "The resource owner or authorization server denied the request.",
        "Make sure that the request you are making is valid. Maybe the credential or request parameters you are using are limited in " +
            "scope or otherwise restricted.");

    public static readonly OAuth2Error UnsupportedResponseType = new(
        "unsupported_response_type",
        400,
        "The authorization server does not support obtaining a token using this method.");

    public static readonly OAuth2Error UnsupportedResponseMode = new(
        "unsupported_response_mode",
        400,
        "The authorization server does not support obtaining a response using this response mode.");

    public static readonly OAuth2Error InvalidState = new(
        "invalid_state",
        400,
        "The state is missing or does not have enough characters and is therefore considered too weak.");

    public static readonly OAuth2Error InsufficientEntropy = new(
        "insufficient_entropy",
        400,
        "The request used a security parameter (e.g., anti-replay, anti-csrf) with insufficient entropy.");

    public static readonly OAuth2Error RequestForbidden = new(
        "request_forbidden",
        403,
        "The request is not allowed.",
        "You are not allowed to perform this action.");

    public static readonly OAuth2Error RequestUnauthorized = new(
        "request_unauthorized",
        401,
        "The request could not be authorized.",
        "Check that you provided valid credentials in the right format.");

    public static readonly OAuth2Error TokenExpired = new("invalid_token", 401, "Token expired.", "The token expired.");

    public static readonly OAuth2Error InvalidTokenFormat = new(
        "invalid_token",
        400,
        "Invalid token format.",
        "Check that you provided a valid token in the right format.");

    /// <summary>The assertion of a client that was used before.</summary>
    public static readonly OAuth2Error AssertionKnown = new("jti_known", 400, "The jti was already used.");

    public static readonly OAuth2Error AuthorizationPending = new(
        "authorization_pending",
        400,
        "The authorization request is still pending as the end user hasn't yet completed the user-interaction steps.");

    public static readonly OAuth2Error DeviceCodeExpired = new(
        "expired_token",
        400,
        "The device_code has expired, and the device authorization session has concluded.");

    public static readonly OAuth2Error ServerError = new(
        "server_error",
        500,
        "The authorization server encountered an unexpected condition that prevented it from fulfilling the request.");

    public static readonly OAuth2Error LoginRequired = new(
        "login_required",
        400,
        "The Authorization Server requires End-User authentication.");

    public static readonly OAuth2Error ConsentRequired = new(
        "consent_required", 400, "The Authorization Server requires End-User consent.");

    public static readonly OAuth2Error RegistrationNotSupported = new(
        "registration_not_supported",
        400,
        "The OP does not support use of the registration parameter.");

    public static readonly OAuth2Error InvalidClientMetadata = new(
        "invalid_client_metadata",
        400,
        "The value of one of the Client Metadata fields is invalid and the server has rejected this request. Note that an " +
            "Authorization Server MAY choose to substitute a valid value for any requested parameter of a Client's Metadata.");

    public static readonly OAuth2Error InvalidRedirectUri = new(
        "invalid_redirect_uri",
        400,
        "The value of one or more redirect_uris is invalid.");

    /// <summary>A login or consent challenge that does not exist.</summary>
    public static readonly OAuth2Error ChallengeNotFound = new("Not Found", 404, "Unable to locate the requested resource");

    /// <summary>A row that does not exist, such as a client.</summary>
    public static readonly OAuth2Error ResourceNotFound = new("Unable to locate the resource", 404, "");

    public static readonly OAuth2Error Conflict = new(
        "Unable to insert or update resource because a resource with that value exists already",
        409,
        "");

    public static readonly OAuth2Error BadRequest = new("The request was malformed or contained invalid parameters", 400, "");

    /// <summary>What Hydra makes of an error that is none of its own.</summary>
    public static readonly OAuth2Error Unrecognizable = new("error", 500, "The error is unrecognizable");

    /// <summary>The description as it is sent: Hydra joins the hint to it and allows no double quote inside.</summary>
    public string FullDescription => string.Join(' ', new[] { Description, Hint }.Where(part => part.Length > 0)).Replace('"', '\'');

    /// <summary>A part of Hydra's contract that nothing in NovaId uses.</summary>
    public static OAuth2Error NotImplemented(string what) => new(
        NotImplementedCode,
        501,
        $"The emulator does not implement {what}. Run the zone on real Ory Hydra for it.");

    /// <summary>The exception that carries this error with another hint.</summary>
    public OAuth2Exception With(string hint) => new(this with { Hint = hint });

    /// <summary>The exception that carries this error.</summary>
    public OAuth2Exception AsException() => new(this);
}
