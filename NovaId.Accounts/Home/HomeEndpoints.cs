using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Accounts.Home;

/// <summary>The beginning: who is logged in, or the way in.</summary>
internal static class HomeEndpoints
{
    public const string Path = $"{AccountsApplication.BasePath}/";

    public static void MapHome(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/", () => Page.Go(Path));
        pages.MapGet(Path, ShowAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Visitor visitor, GatewayClient gateway)
    {
        var asked = visitor.FindSessionAsync();
        var account = http.Request.Headers.Cookie.Count == 0 ? null : AskAsync(http, gateway);
        var answer = await asked;
        if (answer.NeedsSecondFactor)
        {
            return Page.Go(LoginAddress.SecondFactor(Path));
        }

        return answer.Session is { } session
            ? Page.Show<HomePage, HomeModel>(new HomeModel(session, account is null ? null : await account))
            : Page.Show<WelcomePage, WelcomeModel>(new WelcomeModel());
    }

    /// <summary>The rank is the API's to say; without it the page is still of use.</summary>
    private static async Task<Account?> AskAsync(HttpContext http, GatewayClient gateway)
    {
        try
        {
            return await gateway.GetApiAsync(http, "me", AccountJson.Default.Account);
        }
        catch (Exception e) when (e is ApiRefusedException or ServiceUnavailableException)
        {
            return null;
        }
    }
}
