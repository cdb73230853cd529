using System.Net;
using NovaId.Pages.Components;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Accounts.Data;

/// <summary>What the zone holds about the person: take a copy along, or end it.</summary>
internal static class DataEndpoints
{
    public const string Path = $"{AccountsApplication.BasePath}/data";

    public const string DownloadPath = $"{Path}/download";

    public const string DeletePath = $"{AccountsApplication.BasePath}/delete";

    public const string GonePath = $"{AccountsApplication.BasePath}/gone";

    public static void MapData(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, () => Page.Show<DataPage, DataModel>(new DataModel())).RequireSession();
        pages.MapPost(DownloadPath, DownloadAsync).RequireSession();
        pages.MapGet(DeletePath, (Visitor visitor) => ShowDelete(visitor, problem: null, StatusCodes.Status200OK)).RequireSession();
        pages.MapPost(DeletePath, DeleteAsync).RequireSession();
        pages.MapGet(GonePath, () => Page.Show<GonePage, GoneModel>(new GoneModel()));
    }

    private static async Task<IResult> DownloadAsync(HttpContext http, GatewayClient gateway)
    {
        try
        {
            var export = await gateway.SendApiAsync(http, HttpMethod.Get, "me/export");
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Bytes(export.Body.ToArray(), "application/json", "novaid-account.json");
        }
        catch (ApiRefusedException e) when (StepUpModel.For(e.Problem?.Assurance, Path) is { } stepUp)
        {
            return stepUp;
        }
    }

    private static LaterResult ShowDelete(Visitor visitor, string? problem, int status) =>
        // The session is still being asked for while this is prepared; the page is written when it is there.
        new LaterResult(() => Page.Show<DeletePage, DeleteModel>(new DeleteModel(visitor.Session?.Identity?.Traits?.Email ?? "", problem), status));

    private static async Task<IResult> DeleteAsync(HttpContext http, GatewayClient gateway, Visitor visitor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!string.Equals(form["email"].ToString().Trim(), visitor.Session?.Identity?.Traits?.Email, StringComparison.OrdinalIgnoreCase))
        {
            return ShowDelete(visitor, Texts.Delete_WrongEmail, StatusCodes.Status422UnprocessableEntity);
        }

        try
        {
            await gateway.SendApiAsync(http, HttpMethod.Delete, "me");
        }
        catch (ApiRefusedException e) when (StepUpModel.For(e.Problem?.Assurance, DeletePath) is { } stepUp)
        {
            return stepUp;
        }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.Unauthorized)
        {
            // A deletion that was repeated: there is nobody left to delete.
        }

        return Page.Go(GonePath);
    }
}
