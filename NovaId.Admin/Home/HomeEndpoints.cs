using NovaId.Admin.Rights;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Admin.Home;

/// <summary>The beginning: what this person may do here.</summary>
internal static class HomeEndpoints
{
    public const string Path = $"{AdminApplication.BasePath}/";

    public static void MapHome(this IEndpointRouteBuilder pages) => pages.MapGet(Path, ShowAsync).RequireSession();

    private static async Task<IResult> ShowAsync(HttpContext http, RightsReader rights, GatewayClient gateway)
    {
        var me = await rights.BesideAsync(gateway.GetApiAsync(http, "me", HomeJson.Default.Officer));
        return Page.Show<HomePage, HomeModel>(new HomeModel(me, await rights.FindAsync()));
    }
}
