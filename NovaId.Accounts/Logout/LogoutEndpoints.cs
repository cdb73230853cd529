using NovaId.Accounts.Home;
using NovaId.Accounts.Hydra;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Accounts.Logout;

/// <summary>Ends the session of Kratos and the login of Hydra together, whoever of the two the person comes from.</summary>
internal static class LogoutEndpoints
{
    public const string Path = $"{AccountsApplication.BasePath}/logout";

    private const string HydraLogout = "/oauth2/sessions/logout";
    private const string HydraSessionCookie = "ory_hydra_session";

    public static void MapLogout(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, EndAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Visitor visitor, HydraClient hydra)
    {
        var challenge = http.Request.Query["logout_challenge"].ToString();
        var asked = visitor.FindSessionAsync();
        var question = challenge.Length == 0 ? null : await hydra.GetLogoutAsync(http, challenge);
        var answer = await asked;
        if (answer is { Session: null, NeedsSecondFactor: false })
        {
            // Nobody is logged in here any more: Hydra may forget them too.
            return Page.Go(question is null ? HomeEndpoints.Path : await hydra.AcceptLogoutAsync(http, challenge) ?? HomeEndpoints.Path);
        }

        FormTargets.Allow(http, question?.RedirectUri);
        return Page.Show<LogoutPage, LogoutModel>(new LogoutModel(question is null ? null : challenge, question?.Client?.DisplayName));
    }

    private static async Task<IResult> EndAsync(HttpContext http, GatewayClient gateway, HydraClient hydra)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        var challenge = form["logout_challenge"].ToString();
        if (form["answer"] == "no")
        {
            if (challenge.Length > 0)
            {
                await hydra.RejectLogoutAsync(http, challenge);
            }

            return Page.Go(HomeEndpoints.Path);
        }

        await EndKratosSessionAsync(http, gateway);
        if (challenge.Length > 0)
        {
            return Page.Go(await hydra.AcceptLogoutAsync(http, challenge) ?? HomeEndpoints.Path);
        }

        // Where Hydra knows this browser too, it asks us whether it may forget it, and there is nobody left who could object.
        return Page.Go(http.Request.Cookies.Keys.Any(name => name.StartsWith(HydraSessionCookie, StringComparison.Ordinal)) ? HydraLogout : HomeEndpoints.Path);
    }

    private static async Task EndKratosSessionAsync(HttpContext http, GatewayClient gateway)
    {
        var begun = await gateway.SendAsync(http, HttpMethod.Get, ".ory/kratos/public/self-service/logout/browser");
        if (!begun.IsSuccess || begun.Read(LogoutJson.Default.LogoutAnswer).LogoutToken is not { Length: > 0 } token)
        {
            // There is no session to end.
            return;
        }

        var ended = await gateway.SendAsync(
            http, HttpMethod.Get, $".ory/kratos/public/self-service/logout?token={Uri.EscapeDataString(token)}");
        foreach (var cookie in ended.Cookies)
        {
            http.Response.Headers.Append("Set-Cookie", cookie);
        }
    }
}
