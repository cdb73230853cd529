using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using NovaId.Pages.Gateway;

namespace NovaId.Demo.Login;

/// <summary>
/// Whoever is in front of the page, as this app knows them: from its own cookie, in which the tokens lie sealed. Nothing is kept here, so
/// every instance with the same keys serves everybody.
/// </summary>
internal sealed class AppSession(IHttpContextAccessor accessor, TokenClient client, TimeProvider time)
{
    /// <summary>How long before its end an access token is renewed, so that it does not end on its way.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(15);

    private AppTokens? _tokens;
    private bool _isRead;

    /// <summary>What to call them; null if nobody is logged in here.</summary>
    public string? Name => Tokens is null ? null : accessor.HttpContext!.User.FindFirstValue("name");

    /// <summary>The tokens; null if nobody is logged in here.</summary>
    public AppTokens? Tokens
    {
        get
        {
            if (!_isRead)
            {
                _tokens = AppTokens.Of(accessor.HttpContext!.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties);
                _isRead = true;
            }

            return _tokens;
        }
    }

    /// <summary>Whether the access token is over, or as good as.</summary>
    public bool IsOver => Tokens?.ExpiresAt is { } end && end - Early <= time.GetUtcNow();

    /// <summary>Trades the refresh token in and keeps what comes, in the cookie of the answer.</summary>
    /// <exception cref="ServiceUnavailableException">Hydra does not answer.</exception>
    public async Task<Renewal> RenewAsync()
    {
        var renewal = await client.RenewAsync(Tokens!);
        if (renewal.Tokens is { } tokens)
        {
            _tokens = tokens;
            var http = accessor.HttpContext!;
            var properties = http.Features.Get<IAuthenticateResultFeature>()!.AuthenticateResult!.Properties!;
            tokens.StoreIn(properties);
            await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, http.User, properties);
        }

        return renewal;
    }
}
