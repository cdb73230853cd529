using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using NovaId.Pages.Tests.Browsers;

namespace NovaId.Pages.Tests.OAuth2;

/// <summary>An application sends somebody to be let in (RFC 6749, RFC 7636).</summary>
internal sealed class AuthorizationRequest((string Id, string Secret) application, string callback, string scope)
{
    private readonly string _verifier = RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>Where the application sends the browser.</summary>
    public string Address => QueryHelpers.AddQueryString("/oauth2/auth", new Dictionary<string, string?>
    {
        ["client_id"] = application.Id,
        ["redirect_uri"] = callback,
        ["response_type"] = "code",
        ["scope"] = scope,
        ["audience"] = "novaid-api",
        ["state"] = "state-of-the-application",
        ["nonce"] = "nonce-of-the-application",
        ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier))),
        ["code_challenge_method"] = "S256",
    });

    /// <summary>Waits until the browser is back, and takes what it brought.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReturnAsync(BrowserVisitor visitor)
    {
        await visitor.ArrivesAsync($"{callback}**");
        return QueryHelpers.ParseQuery(new Uri(visitor.Page.Url).Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
    }

    /// <summary>Trades the code in.</summary>
    public async Task<string> AccessTokenAsync(ZoneOperator zone, string code) => (await TokensAsync(zone, code)).GetProperty("access_token").GetString()!;

    /// <summary>Trades the code in, for all that it gives.</summary>
    public Task<JsonElement> TokensAsync(ZoneOperator zone, string code) => zone.TokenAsync(
        application, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", callback), ("code_verifier", _verifier));
}
