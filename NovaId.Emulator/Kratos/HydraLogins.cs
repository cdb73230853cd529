using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>Answers Hydra's login requests: whoever signs in here signs in to the OAuth2 client that sent them.</summary>
internal sealed class HydraLogins(KratosConfiguration configuration, HttpClient client)
{
    /// <summary>The challenge in a query, or null.</summary>
    /// <exception cref="KratosException">There is one and it cannot be answered.</exception>
    public string? ChallengeOf(IQueryCollection query)
    {
        if (!query.TryGetValue("login_challenge", out var value))
        {
            return null;
        }

        if (configuration.OAuth2Provider is null)
        {
            throw new KratosException(
                500,
                "Invalid configuration",
                "invalid_configuration",
                "refusing to parse login_challenge query parameter because oauth2_provider.url is invalid or unset");
        }

        return value.FirstOrDefault() is { Length: > 0 } challenge
            ? challenge
            : throw KratosException.BadRequest("the login_challenge parameter is present but empty");
    }

    public async Task<JsonObject> GetAsync(string challenge, CancellationToken cancellationToken)
    {
        const string Failure = "Unable to get OAuth 2.0 Login Challenge.";
        var (status, body) = await SendAsync(HttpMethod.Get, "", challenge, null, cancellationToken);
        return body ?? throw (status is null or >= 500 ? ServerError(Failure, status) : BadRequest(Failure, status));
    }

    /// <summary>Tells Hydra who signed in, and gives the address at which the browser goes on.</summary>
    public async Task<string> AcceptAsync(string challenge, Session session, CancellationToken cancellationToken)
    {
        var (status, body) = await SendAsync(
            HttpMethod.Put,
            "/accept",
            challenge,
            new JsonObject
            {
                ["subject"] = session.IdentityId.ToString(),
                ["identity_provider_session_id"] = session.Id.ToString(),
                ["remember"] = configuration.SessionCookie.Persistent,
                ["remember_for"] = (long)configuration.SessionLifespan.TotalSeconds,
                ["amr"] = new JsonArray([.. session.AuthenticationMethods.Select(method => (JsonNode)method.Method)]),
            },
            cancellationToken);
        return body?["redirect_to"]?.GetValue<string>() ?? throw ServerError("Unable to accept OAuth 2.0 Login Challenge.", status);
    }

    private static KratosException ServerError(string reason, int? status) =>
        new(500, "An internal server error occurred, please contact the system administrator", reason: reason, details: Details(status));

    private static KratosException BadRequest(string reason, int? status) =>
        new(400, "The request was malformed or contained invalid parameters", reason: reason, details: Details(status));

    private static JsonObject? Details(int? status) => status is null ? null : new JsonObject { ["status_code"] = status };

    /// <summary>The status, null if Hydra could not be reached, and the body if the status is a good one.</summary>
    private async Task<(int? Status, JsonObject? Body)> SendAsync(
        HttpMethod method, string action, string challenge, JsonObject? content, CancellationToken cancellationToken)
    {
        var address = Addresses.SetQuery(
            Addresses.AppendPath(configuration.OAuth2Provider!, $"/admin/oauth2/auth/requests/login{action}"), ("login_challenge", challenge));
        using var request = new HttpRequestMessage(method, address);
        if (content is not null)
        {
            request.Content = JsonContent.Create(content);
        }

        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var body = response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken) : null;
            return ((int)response.StatusCode, body);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or NotSupportedException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, null);
        }
    }
}
