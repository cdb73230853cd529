using System.Security.Cryptography;

namespace NovaId.Contract.Drivers;

/// <summary>One authorization code flow with PKCE, step by step: the client's, the browser's, and the pages' for login and consent,
/// which ask Hydra through the operator as a frontend's server would.</summary>
public sealed class AuthorizationFlow
{
    private readonly OAuth2Flows _oauth2;
    private readonly Operator _operator;
    private readonly OAuth2Client _client;

    internal AuthorizationFlow(OAuth2Flows oauth2, Operator @operator, Browser browser, OAuth2Client client)
    {
        _oauth2 = oauth2;
        _operator = @operator;
        _client = client;
        Browser = browser;
        Parameters = new()
        {
            ["client_id"] = client.Id,
            ["response_type"] = "code",
            ["redirect_uri"] = OAuth2Client.RedirectUri,
            ["scope"] = "openid offline_access novaid.read novaid.write",
            ["audience"] = "novaid-api",
            ["state"] = RandomNumberGenerator.GetHexString(32),
            ["nonce"] = RandomNumberGenerator.GetHexString(32),
            ["code_challenge"] = OAuth2Flows.ChallengeOf(Verifier),
            ["code_challenge_method"] = "S256",
        };
    }

    public Browser Browser { get; }

    public string Verifier { get; } = OAuth2Flows.NewVerifier();

    /// <summary>What the client asks the authorization endpoint for; a test may change it before the flow begins.</summary>
    public Dictionary<string, string> Parameters { get; }

    /// <summary>What consent records in the access token; null for nothing.</summary>
    public object? Recorded { get; set; }

    /// <summary>Has consent record how strongly and when the person logged in, as Kratos says of the session that the page is called with.</summary>
    public async Task RecordAsync(Caller session)
    {
        var login = (await session.GetAsync(KratosFlows.WhoAmI)).Expect(200);
        Recorded = new
        {
            acr = login["authenticator_assurance_level"].GetString(),
            amr = login.Strings("authentication_methods", "method").ToArray(),
            auth_time = login["authenticated_at"].GetDateTimeOffset().ToUnixTimeSeconds(),
        };
    }

    /// <summary>Opens the authorization endpoint.</summary>
    /// <returns>Where the browser ends: the login page, if nothing is wrong.</returns>
    public Task<Uri> BeginAsync()
    {
        var query = Parameters.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}");
        return Browser.FollowAsync($"/oauth2/auth?{string.Join('&', query)}");
    }

    /// <summary>Opens the authorization endpoint, logs the person in and consents, as the pages' server.</summary>
    /// <returns>The client's redirect URI with what came back.</returns>
    public async Task<Uri> GrantAsync(string subject) => await ConsentAsync(await LoginAsync(await BeginAsync(), subject));

    /// <summary>Accepts the login that the login page was called with.</summary>
    /// <returns>Where the browser ends: the consent page.</returns>
    public async Task<Uri> LoginAsync(Uri loginPage, string subject)
    {
        Assert.Equal("/accounts/login", loginPage.AbsolutePath);
        return await Browser.FollowAsync(await _operator.AcceptLoginAsync(Browser.Query(loginPage, "login_challenge"), subject));
    }

    /// <summary>Accepts the consent that the consent page was called with, for all that was asked or for less.</summary>
    /// <returns>The client's redirect URI with what came back.</returns>
    public async Task<Uri> ConsentAsync(Uri consentPage, params string[] scopes)
    {
        Assert.Equal("/accounts/consent", consentPage.AbsolutePath);
        return await Browser.FollowAsync(await _operator.AcceptConsentAsync(Browser.Query(consentPage, "consent_challenge"), Recorded, scopes));
    }

    /// <summary>Redeems the code that came back to the redirect URI.</summary>
    public async Task<Tokens> RedeemAsync(Uri callback) => OAuth2Flows.Tokens(await ExchangeAsync(Code(callback)));

    /// <summary>Sends a code to the token endpoint.</summary>
    public Task<Reply> ExchangeAsync(string code, string? verifier = null, string redirectUri = OAuth2Client.RedirectUri) =>
        _oauth2.TokenAsync(
            _client,
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirectUri),
            ("code_verifier", verifier ?? Verifier));

    /// <summary>The code that came back, after a look at the state (RFC 6749, section 10.12).</summary>
    public string Code(Uri callback)
    {
        Assert.Equal(OAuth2Client.RedirectUri, callback.GetLeftPart(UriPartial.Path));
        Assert.Equal(Parameters["state"], Browser.Query(callback, "state"));
        return Browser.Query(callback, "code");
    }
}
