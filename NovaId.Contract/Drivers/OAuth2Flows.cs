using System.Security.Cryptography;
using System.Text;

namespace NovaId.Contract.Drivers;

/// <summary>What an OAuth2 client does at the gateway (RFC 6749, RFC 7009, RFC 7636).</summary>
public sealed class OAuth2Flows(Caller anonymous)
{
    /// <summary>The grant of a device without a browser (RFC 8628).</summary>
    public const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

    /// <summary>Asks for a code that a person enters elsewhere.</summary>
    public Task<Reply> DeviceAsync(OAuth2Client client, params (string Name, string Value)[] form) =>
        AuthenticatedAsync("/oauth2/device/auth", client, [.. form, ("client_id", client.Id)]);

    /// <summary>Asks whether that has happened.</summary>
    public Task<Reply> PollAsync(OAuth2Client client, string deviceCode) =>
        TokenAsync(client, ("grant_type", DeviceGrant), ("device_code", deviceCode));

    /// <summary>Asks the token endpoint.</summary>
    public Task<Reply> TokenAsync(OAuth2Client client, params (string Name, string Value)[] form) =>
        AuthenticatedAsync("/oauth2/token", client, form);

    /// <summary>Asks for a token of the client's own.</summary>
    public Task<Reply> ClientCredentialsAsync(OAuth2Client client, string scope, string? audience = "novaid-api")
    {
        (string Name, string Value)[] form = [("grant_type", "client_credentials"), ("scope", scope)];
        return TokenAsync(client, audience is null ? form : [.. form, ("audience", audience)]);
    }

    /// <summary>Gets a token of the client's own.</summary>
    public async Task<string> AccessTokenAsync(OAuth2Client client, string scope, string? audience = "novaid-api") =>
        (await ClientCredentialsAsync(client, scope, audience)).Expect(200)["access_token"].GetString()!;

    /// <summary>Gets a token as a service client of the zone, which proves itself with a key or a secret.</summary>
    public async Task<string> ServiceTokenAsync(ServiceClient client, Uri zone, string scope, string audience) => (await TokenAsync(
        new(client.Id, client.Key is null ? client.Secret : null),
        [("grant_type", "client_credentials"), ("scope", scope), ("audience", audience), .. client.Assert(zone)])).Expect(200)["access_token"].GetString()!;

    public Task<Reply> RefreshAsync(OAuth2Client client, string refreshToken) =>
        TokenAsync(client, ("grant_type", "refresh_token"), ("refresh_token", refreshToken));

    public Task<Reply> RevokeAsync(OAuth2Client client, string token) => AuthenticatedAsync("/oauth2/revoke", client, ("token", token));

    private Task<Reply> AuthenticatedAsync(string target, OAuth2Client client, params (string Name, string Value)[] form)
    {
        // A client with a secret shows it by HTTP Basic, one without only says its name.
        var caller = client.Secret is null ? anonymous : anonymous.With("Authorization", Basic(client.Id, client.Secret));
        return caller.PostAsync(target, Form(client.Secret is null ? [.. form, ("client_id", client.Id)] : form));
    }

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    public static string Basic(string id, string secret) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}"))}";

    /// <summary>A code verifier (RFC 7636, section 4.1).</summary>
    public static string NewVerifier() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>The S256 challenge of a verifier.</summary>
    public static string ChallengeOf(string verifier) =>
        System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>The tokens of a successful answer.</summary>
    public static Tokens Tokens(Reply reply)
    {
        reply.Expect(200);
        string? Member(string name) => reply.Json.TryGetProperty(name, out var value) ? value.GetString() : null;
        return new(Member("access_token")!, Member("refresh_token"), Member("id_token"));
    }
}
