using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;

namespace NovaId.Bench.Population;

/// <summary>One authorization code flow with PKCE (RFC 6749, section 4.1; RFC 7636): a browser, the pages and the app in one.</summary>
internal sealed class AuthorizationFlow(ZoneClient client, ZoneOperator @operator, string appId, string appSecret)
{
    /// <summary>Where the app takes its codes; nobody need listen there.</summary>
    public const string RedirectUri = "http://127.0.0.1:3000/callback";

    private const string Scope = "novaid.read novaid.write";
    private const string Audience = "novaid-api";

    private readonly Dictionary<string, string> _cookies = [];

    /// <returns>The access token.</returns>
    public async Task<string> RunAsync(string subject, CancellationToken cancellationToken)
    {
        var verifier = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var login = await FollowAsync(
            $"/oauth2/auth?client_id={appId}&response_type=code&redirect_uri={Uri.EscapeDataString(RedirectUri)}"
                + $"&scope={Uri.EscapeDataString(Scope)}&audience={Audience}&state={RandomNumberGenerator.GetHexString(32)}"
                + $"&code_challenge={challenge}&code_challenge_method=S256",
            cancellationToken);
        var consent = await FollowAsync(
            await @operator.AcceptAsync("login", Query(login, "login_challenge"), new JsonObject { ["subject"] = subject }, cancellationToken),
            cancellationToken);
        var granted = new JsonObject
        {
            ["grant_scope"] = new JsonArray([.. Scope.Split(' ').Select(scope => (JsonNode)scope)]),
            ["grant_access_token_audience"] = new JsonArray(Audience),
        };
        var callback = await FollowAsync(
            await @operator.AcceptAsync("consent", Query(consent, "consent_challenge"), granted, cancellationToken),
            cancellationToken);
        var reply = await client.SendAsync(
            HttpMethod.Post,
            "/oauth2/token",
            200,
            form:
            [
                new("grant_type", "authorization_code"),
                new("code", Query(callback, "code")),
                new("redirect_uri", RedirectUri),
                new("code_verifier", verifier),
            ],
            authorization: ZoneOperator.Basic(appId, appSecret),
            cancellationToken: cancellationToken);
        return reply["access_token"];
    }

    private Task<Uri> FollowAsync(Uri next, CancellationToken cancellationToken) => FollowAsync(next.PathAndQuery, cancellationToken);

    /// <summary>Goes where it is sent, as long as that is inside the zone and no page.</summary>
    private async Task<Uri> FollowAsync(string target, CancellationToken cancellationToken)
    {
        for (var hop = 0; hop < 10; hop++)
        {
            var cookies = string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));
            var reply = await client.SendRedirectedAsync(target, cookies, cancellationToken);
            foreach (var cookie in reply.SetCookies)
            {
                var pair = cookie.Split(';')[0].Split('=', 2);
                _cookies[pair[0]] = pair[1];
            }

            var next = new Uri(client.Gateway, reply.Location ?? throw new BenchException($"GET {target.Split('?')[0]} leads nowhere."));
            if (next.Authority != client.Gateway.Authority || next.AbsolutePath.StartsWith("/accounts/", StringComparison.Ordinal))
            {
                return next;
            }

            target = next.PathAndQuery;
        }

        throw new BenchException("The redirects of an authorization flow do not end.");
    }

    private static string Query(Uri uri, string name) =>
        HttpUtility.ParseQueryString(uri.Query)[name]
        ?? throw new BenchException($"An authorization flow led to {uri.GetLeftPart(UriPartial.Path)} without {name}.");
}
