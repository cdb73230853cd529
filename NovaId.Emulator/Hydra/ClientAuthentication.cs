using NovaId.Emulator.Go;

namespace NovaId.Emulator.Hydra;

/// <summary>Authenticates the client that calls the endpoint of tokens, of revocations or of devices (RFC 6749, section 2.3).</summary>
internal sealed class ClientAuthentication(ClientStore clients, ClientAssertion assertion)
{
    /// <summary>The client that the request comes from. As in Hydra an assertion goes before everything else: a secret beside it is not
    /// looked at.</summary>
    /// <exception cref="OAuth2Exception">It is unknown, or has not proved who it is in the way it is registered for.</exception>
    public async ValueTask<OAuth2Client> AuthenticateAsync(HttpRequest request, RequestForm form) => form["client_assertion_type"] switch
    {
        "" => AuthenticateBySecret(request, form),
        ClientAssertion.JwtBearer => await assertion.AuthenticateAsync(form),
        var type => throw OAuth2Error.InvalidRequest.With($"Unknown client_assertion_type '{type}'."),
    };

    private OAuth2Client AuthenticateBySecret(HttpRequest request, RequestForm form)
    {
        var basic = ReadBasic(request);
        var (id, secret) = basic ?? (form["client_id"], form["client_secret"]);
        if (id.Length == 0 && basic is null)
        {
            throw OAuth2Error.InvalidRequest.With(
                "Client credentials missing or malformed in both HTTP Authorization header and HTTP POST body.");
        }

        var client = clients.Find(id) ?? throw OAuth2Error.InvalidClient.AsException();
        if (form["client_id"].Length > 0 && form["client_secret"].Length > 0)
        {
            Require(client, "client_secret_post");
        }
        else if (basic is { Secret.Length: > 0 })
        {
            Require(client, "client_secret_basic");
        }

        return client.IsPublic || ClientSecretHasher.Verify(client.SecretHash, secret)
            ? client
            : throw OAuth2Error.InvalidClient.AsException();
    }

    private static void Require(OAuth2Client client, string method)
    {
        if (client.AuthenticationMethod != method)
        {
            throw OAuth2Error.InvalidClient.With(
                $"The OAuth 2.0 Client supports client authentication method '{client.AuthenticationMethod}', but method '{method}' " +
                    $"was requested. You must configure the OAuth 2.0 client's 'token_endpoint_auth_method' value to accept '{method}'.");
        }
    }

    /// <summary>Both are encoded as a form before they are put together (RFC 6749, section 2.3.1).</summary>
    private static string Decode(string text, string what) => GoText.TryQueryUnescape(text, out var decoded)
        ? decoded
        : throw OAuth2Error.InvalidRequest.With(
            $"The client {what} in the HTTP authorization header could not be decoded from 'application/x-www-form-urlencoded'.");

    private static (string Id, string Secret)? ReadBasic(HttpRequest request)
    {
        const string Scheme = "Basic ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var encoded = header[Scheme.Length..];
        var bytes = new byte[encoded.Length];
        if (encoded.Any(char.IsWhiteSpace) || !Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return null;
        }

        var text = GoText.Decode(bytes.AsSpan(0, length));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (Decode(text[..colon], "id"), Decode(text[(colon + 1)..], "secret"));
    }
}
