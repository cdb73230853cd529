using NovaId.Admin.Rights;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Admin.Log;

/// <summary>The access log: its decisions, its figures, and whether it is as it was written.</summary>
internal static class LogEndpoints
{
    public const string Path = $"{AdminApplication.BasePath}/log";

    public const string StatisticsPath = $"{AdminApplication.BasePath}/statistics";

    public const string ChainPath = $"{AdminApplication.BasePath}/chain";

    private const int PageSize = 30;

    /// <summary>Every record is read for it; the gateway cuts an answer off after thirty seconds.</summary>
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(25);

    public static void MapLog(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ListAsync).RequireSession();
        pages.MapGet(StatisticsPath, CountAsync).RequireSession();
        pages.MapGet(ChainPath, CheckAsync).RequireSession();
    }

    private static async Task<IResult> ListAsync(HttpContext http, RightsReader rights, GatewayClient gateway)
    {
        var filter = LogFilter.Read(http.Request.Query);
        var token = http.Request.Query["page"].ToString();
        var list = await rights.BesideAsync(gateway.GetApiAsync(http, filter.Query(PageSize, token), LogJson.Default.LogEntries));
        var next = list.NextPageToken is { } page ? filter.Address(page) : null;
        return Page.Show<LogPage, LogModel>(new LogModel(list.Items, filter, next, token.Length == 0));
    }

    private static async Task<IResult> CountAsync(HttpContext http, RightsReader rights, GatewayClient gateway) =>
        Page.Show<StatisticsPage, LogStatistics>(await rights.BesideAsync(gateway.GetApiAsync(http, "logs/stats", LogJson.Default.LogStatistics)));

    private static async Task<IResult> CheckAsync(HttpContext http, RightsReader rights, GatewayClient gateway)
    {
        if (http.Request.Query["check"] != "now")
        {
            // One entry: whoever may not see the log is refused here as everywhere.
            await rights.BesideAsync(gateway.GetApiAsync(http, LogFilter.Of("nobody").Query(1, null), LogJson.Default.LogEntries));
            return Page.Show<ChainPage, ChainModel>(new ChainModel(null));
        }

        await rights.FindAsync();
        GatewayClient.Allow(http, CheckLimit);
        return Page.Show<ChainPage, ChainModel>(new ChainModel(await gateway.GetApiAsync(http, "logs/verify", LogJson.Default.LogVerification)));
    }
}
