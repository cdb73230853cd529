using NovaId.Admin.Rights;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Admin.Ranks;

/// <summary>Ranks and capabilities, as a matrix.</summary>
internal static class RankEndpoints
{
    public const string Path = $"{AdminApplication.BasePath}/ranks";

    public static void MapRanks(this IEndpointRouteBuilder pages) => pages.MapGet(Path, ShowAsync).RequireSession();

    private static async Task<IResult> ShowAsync(HttpContext http, RightsReader rights, GatewayClient gateway) =>
        Page.Show<RanksPage, CapabilityMatrix>(
            await rights.BesideAsync(gateway.GetApiAsync(http, "capabilities", RankJson.Default.CapabilityMatrix)));
}
