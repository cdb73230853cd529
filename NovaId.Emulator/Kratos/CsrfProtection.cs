using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using NovaId.Emulator.Go;
using SameSiteMode = Microsoft.Net.Http.Headers.SameSiteMode;

namespace NovaId.Emulator.Kratos;

/// <summary>
/// Protection from cross-site request forgery by double submission: the browser keeps a random token in a cookie, each form carries the
/// same token masked by a one-time pad, so that no response repeats another's bytes (BREACH).
/// </summary>
internal sealed class CsrfProtection
{
    private const int TokenLength = 32;
    private const string HeaderName = "X-CSRF-Token";

    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(365);
    private static readonly object TokenItem = new();
    private static readonly object SentItem = new();

    private readonly CookieSettings _cookie;

    public CsrfProtection(KratosConfiguration configuration)
    {
        CookieName = "csrf_token_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(configuration.PublicAddress)));
        // Browsers take SameSite=None from secure cookies only.
        _cookie = configuration.Cookie.Secure ? configuration.Cookie : configuration.Cookie with { SameSite = SameSiteMode.Lax };
    }

    public string CookieName { get; }

    /// <summary>The browser's token, masked for this response; empty if the browser has none.</summary>
    public static string Token(HttpContext http) => http.Items[TokenItem] as string ?? "";

    /// <summary>Reads the browser's token and, where a page may follow, sees to it that there is one.</summary>
    public void Begin(HttpContext http, bool issue)
    {
        http.Response.Headers.Append(HeaderNames.Vary, "Cookie");
        // Where there are several, none is the browser's own.
        if (Tokens(http) is [{ Length: TokenLength } token])
        {
            http.Items[TokenItem] = Mask(token);
        }
        else if (issue)
        {
            Regenerate(http);
        }
    }

    /// <summary>Whether a request outside the flows, which check for themselves, proves that the browser's own page sent it.</summary>
    public async Task<bool> IsProvenAsync(HttpContext http)
    {
        string? sent = http.Request.Headers[HeaderName];
        if (string.IsNullOrEmpty(sent))
        {
            sent = (await GoForm.ReadAsync(http.Request)).Post["csrf_token"];
        }

        return Decode(sent)?.Length == 2 * TokenLength && Tokens(http).Any(token => Verify(token, sent));
    }

    /// <summary>Gives the browser another token, once for each response.</summary>
    public void Regenerate(HttpContext http)
    {
        if (http.Items.ContainsKey(SentItem))
        {
            return;
        }

        var token = RandomNumberGenerator.GetBytes(TokenLength);
        http.Items[TokenItem] = Mask(token);
        http.Items[SentItem] = true;
        _cookie.Append(http, CookieName, Convert.ToBase64String(token), MaxAge);
    }

    /// <summary>Whether two tokens, masked or not, are the same.</summary>
    public static bool Verify(string real, string? sent) => Verify(Decode(real), sent);

    private static bool Verify(byte[]? real, string? sent) =>
        Unmask(real) is { Length: TokenLength } a && Unmask(Decode(sent)) is { Length: TokenLength } b && CryptographicOperations.FixedTimeEquals(a, b);

    /// <summary>Kratos' refusal, which says what was missing.</summary>
    public KratosException Violation(HttpContext http, bool tokenSent)
    {
        var request = http.Request;
        var script = request.Headers["Sec-Fetch-Mode"].ToString() is "cors" or "same-origin";
        var details = new JsonObject { ["docs"] = "https://www.ory.sh/kratos/docs/debug/csrf" };
        const string Hint = "hint";
        const string Reason = "reject_reason";
        details[Hint] = script
            ? "We detected an AJAX call, please ensure that CORS is enabled and configured correctly, and that your AJAX code sends cookies and has credentials enabled. For further debugging, check your Browser's Network Tab to see what cookies are included or excluded."
            : "We detected a regular browser or server-side call. To debug browser calls check your Browser's Network Tab to see what cookies are included or excluded. If you are calling from a server ensure that the appropriate cookies are being forwarded and that the SDK method is called correctly.";
        if (string.IsNullOrEmpty(request.Headers.Cookie))
        {
            details[Reason] = "The HTTP Cookie Header is empty or not set.";
        }
        else if (!request.Cookies.ContainsKey(CookieName))
        {
            details[Reason] = "The HTTP Cookie Header was set but did not include the anti-CSRF cookie.";
        }
        else if (!tokenSent && request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true)
        {
            details[Hint] = $"The anti-CSRF cookie was found but the CSRF token was not included in the HTTP request body (csrf_token) nor in the HTTP Header ({HeaderName}).";
        }
        else
        {
            details[Reason] = "The HTTP Cookie Header was set and a CSRF token was sent but they do not match. We recommend deleting all cookies for this domain and retrying the flow.";
        }

        return new KratosException(
            403,
            "the request was rejected to protect you from Cross-Site-Request-Forgery",
            "security_csrf_violation",
            "Please retry the flow and optionally clear your cookies. The request was rejected to protect you from Cross-Site-Request-Forgery (CSRF) which could cause account takeover, leaking personal information, and other serious security issues.",
            details);
    }

    private List<byte[]?> Tokens(HttpContext http) => [.. GoCookies.All(http.Request, CookieName).Select(Decode)];

    private static string Mask(byte[] token)
    {
        var masked = new byte[2 * TokenLength];
        RandomNumberGenerator.Fill(masked.AsSpan(0, TokenLength));
        for (var i = 0; i < TokenLength; i++)
        {
            masked[TokenLength + i] = (byte)(token[i] ^ masked[i]);
        }

        return Convert.ToBase64String(masked);
    }

    private static byte[]? Unmask(byte[]? token)
    {
        if (token is not { Length: 2 * TokenLength })
        {
            return token;
        }

        var plain = new byte[TokenLength];
        for (var i = 0; i < TokenLength; i++)
        {
            plain[i] = (byte)(token[i] ^ token[TokenLength + i]);
        }

        return plain;
    }

    private static byte[]? Decode(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
