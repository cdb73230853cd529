namespace NovaId.Emulator.Hydra;

/// <summary>
/// Checks that a login satisfies what the application asked for with prompt, max_age and id_token_hint (OpenID Connect Core, 3.1.2.1).
/// </summary>
internal static class OpenIdPrompt
{
    private static readonly string[] Allowed = ["login", "none", "consent", "registration"];

    /// <exception cref="OAuth2Exception">The login does not satisfy the request.</exception>
    public static async Task ValidateAsync(AuthorizationRequest request, Flow flow, SigningKeys keys)
    {
        var prompt = request.Prompt;
        if (prompt.Any(value => value.Length > 0 && !Allowed.Contains(value)))
        {
            throw OAuth2Error.InvalidRequest.With($"Used unknown value '[{string.Join(' ', prompt)}]' for prompt parameter");
        }

        if (prompt.Contains("none") && prompt.Count > 1)
        {
            throw OAuth2Error.InvalidRequest.With(
                "Parameter 'prompt' was set to 'none', but contains other values as well which is not allowed.");
        }

        var authenticated = flow.AuthenticatedAt;
        if (request.MaxAge is > 0 and var maxAge && authenticated?.AddSeconds(maxAge) < flow.RequestedAt)
        {
            throw OAuth2Error.LoginRequired.AsException();
        }

        if (prompt.Contains("none") && authenticated > flow.RequestedAt)
        {
            throw OAuth2Error.LoginRequired.With(
                "Failed to validate OpenID Connect request because prompt was set to 'none' but auth_time happened after the " +
                    "authorization request was registered, indicating that the user was logged in during this request which is not " +
                    "allowed.");
        }

        if (prompt.Contains("login") && authenticated < flow.RequestedAt)
        {
            throw OAuth2Error.LoginRequired.With(
                "Failed to validate OpenID Connect request because prompt was set to 'login' but auth_time happened before the " +
                    "authorization request was registered, indicating that the user was not re-authenticated which is forbidden.");
        }

        if (request.Form["id_token_hint"] is { Length: > 0 } hint && await ReadHintSubjectAsync(hint, keys) != flow.Subject)
        {
            throw OAuth2Error.LoginRequired.With(
                "Failed to validate OpenID Connect request because the subject from provided id token from id_token_hint does not " +
                    "match the current session's subject.");
        }
    }

    public static async Task<string> ReadHintSubjectAsync(string hint, SigningKeys keys)
    {
        var claims = await keys.ReadHintAsync(hint)
            ?? throw OAuth2Error.InvalidRequest.With(
                "Failed to validate OpenID Connect request as decoding id token from id_token_hint parameter failed.");
        return claims["sub"]?.GetValue<string>() is { Length: > 0 } subject
            ? subject
            : throw OAuth2Error.InvalidRequest.With(
                "Failed to validate OpenID Connect request because provided id token from id_token_hint does not have a subject.");
    }
}
