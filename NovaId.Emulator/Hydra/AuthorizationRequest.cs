using System.Globalization;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Hydra;

/// <summary>An authorization request as far as it has been understood: what is known decides where an error goes.</summary>
internal sealed class AuthorizationRequest(RequestForm form)
{
    private bool _isOtherType;

    public RequestForm Form => form;

    public OAuth2Client? Client { get; private set; }

    /// <summary>Where the answer goes; null until it is known to be an address of the client.</summary>
    public string? RedirectUri { get; private set; }

    public string State => form["state"];

    public IReadOnlyList<string> Scopes { get; } = form.Words("scope");

    public IReadOnlyList<string> Audience { get; } = form.Audiences();

    public IReadOnlyList<string> Prompt { get; } = form["prompt"] is { Length: > 0 } prompt ? prompt.Split(' ') : [];

    /// <summary>The longest time since the login that the application accepts, in seconds; null if it does not say.</summary>
    public long? MaxAge => long.TryParse(form["max_age"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
        ? seconds
        : null;

    /// <summary>Whether there is a max_age, be it a number or not.</summary>
    public bool HasMaxAge => form["max_age"].Length > 0;

    public string ResponseMode => form["response_mode"] is { Length: > 0 } mode ? mode : _isOtherType ? "fragment" : "query";

    /// <summary>Checks everything that does not depend on who the user is, in Hydra's order.</summary>
    /// <exception cref="OAuth2Exception">The request is wrong.</exception>
    public void Validate(ClientStore clients)
    {
        var client = clients.Find(form["client_id"]) ?? throw OAuth2Error.InvalidClient.With(
            "The requested OAuth 2.0 Client does not exist.");
        Client = client;
        if (Scopes.Contains("openid") && (form["request"] + form["request_uri"]).Length > 0)
        {
            throw OAuth2Error.InvalidRequest.With(
                "OpenID Connect 'request' or 'request_uri' context was given, but the OAuth 2.0 Client does not have any JSON Web " +
                    "Keys registered.");
        }

        if (ResponseMode is not ("query" or "fragment" or "form_post"))
        {
            throw OAuth2Error.UnsupportedResponseMode.With($"Request with unsupported response_mode \"{ResponseMode}\".");
        }

        RedirectUri = MatchRedirect(client);
        foreach (var scope in Scopes.Where(scope => !client.Scopes.Contains(scope)))
        {
            throw OAuth2Error.InvalidScope.With($"The OAuth 2.0 Client is not allowed to request scope '{scope}'.");
        }

        RequireAudience(client, Audience);
        if (form["registration"].Length > 0)
        {
            throw OAuth2Error.RegistrationNotSupported.AsException();
        }

        ValidateResponseType(client);
        if (GoText.Length(State) < Protocol.MinimumEntropy)
        {
            throw OAuth2Error.InvalidState.With(
                $"Request parameter 'state' must be at least be {Protocol.MinimumEntropy} characters long to ensure sufficient entropy.");
        }
    }

    /// <summary>The request that stands for that of a device, which has no parameters in the browser.</summary>
    public static AuthorizationRequest ForDevice(OAuth2Client client) => new(RequestForm.Empty) { Client = client };

    /// <summary>Refuses a response type that only looks like one that there is, with the error that Hydra has left then.</summary>
    public void RequireKnownType()
    {
        if (_isOtherType)
        {
            throw OAuth2Error.ServerError.AsException();
        }
    }

    /// <summary>Refuses an audience that the client may not ask for.</summary>
    public static void RequireAudience(OAuth2Client client, IEnumerable<string> audience)
    {
        foreach (var name in audience.Where(name => !Urls.MatchesAudience(client.Audience, name)))
        {
            throw OAuth2Error.InvalidRequest.With($"Requested audience '{name}' has not been whitelisted by the OAuth 2.0 Client.");
        }
    }

    private string MatchRedirect(OAuth2Client client)
    {
        var requested = form["redirect_uri"];
        if (requested.Length == 0 && Scopes.Contains("openid"))
        {
            throw OAuth2Error.InvalidRequest.With("The 'redirect_uri' parameter is required when using OpenID Connect 1.0.");
        }

        var match = requested.Length > 0
            ? client.RedirectUris.Any(known => Urls.MatchesRedirect(requested, known)) ? requested : null
            : client.RedirectUris is [var only] ? only : null;
        return match is not null && Urls.IsValidRedirect(match)
            ? match
            : throw OAuth2Error.InvalidRequest.With(
                "The 'redirect_uri' parameter does not match any of the OAuth 2.0 Client's pre-registered redirect urls.");
    }

    private void ValidateResponseType(OAuth2Client client)
    {
        var types = form.AllWords("response_type");
        if (types.Count == 0)
        {
            throw OAuth2Error.UnsupportedResponseType.With("`The request is missing the 'response_type' parameter.");
        }

        // A type that stands twice is another than the one that stands once; case does not count here, but it will when the code is made.
        if (!client.ResponseTypes.Any(known => types.Order(StringComparer.OrdinalIgnoreCase).SequenceEqual(
            known.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase)))
        {
            throw OAuth2Error.UnsupportedResponseType.With(
                $"The client is not allowed to request response_type '{form["response_type"]}'.");
        }

        if (types is not [var only] || !only.Equals("code", StringComparison.OrdinalIgnoreCase))
        {
            throw OAuth2Error.NotImplemented($"the response type '{form["response_type"]}'").AsException();
        }

        _isOtherType = only != "code";
    }
}
