using Microsoft.Extensions.Options;
using NovaId.Accounts.Home;
using NovaId.Pages.Configuration;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Accounts.Enter;

/// <summary>
/// Where the gateway sends a browser that it does not let in (<c>errors.handlers.redirect</c> in <c>oathkeeper.yml</c>). The gateway cannot
/// tell a session that lacks its second factor from none; Kratos can. Whoever has what it takes goes straight back.
/// </summary>
internal static class EnterEndpoints
{
    public const string Path = $"{AccountsApplication.BasePath}/enter";

    public static void MapEnter(this IEndpointRouteBuilder pages) => pages.MapGet(Path, GoAsync);

    private static async Task<IResult> GoAsync(HttpContext http, Visitor visitor, IOptions<GatewayOptions> gateway)
    {
        GatewayClient.Allow(http, SessionCheckEndpoints.Limit);
        var returnTo = ReturnAddress.Checked(http.Request.Query["return_to"], gateway.Value.Origin) ?? HomeEndpoints.Path;
        return Page.Go(await visitor.FindSessionAsync() switch
        {
            { Session: not null } => returnTo,
            { NeedsSecondFactor: true } => LoginAddress.SecondFactor(returnTo),
            _ => LoginAddress.First(returnTo),
        });
    }
}
