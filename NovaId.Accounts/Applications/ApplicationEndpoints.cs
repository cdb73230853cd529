using System.Net;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Accounts.Applications;

/// <summary>Which applications may act for the person; take that away.</summary>
internal static class ApplicationEndpoints
{
    public const string Path = $"{AccountsApplication.BasePath}/applications";

    public static void MapApplications(this IEndpointRouteBuilder pages)
    {
        var applications = pages.MapGroup(Path).RequireSession();
        applications.MapGet("", ShowAsync);
        applications.MapPost("/revoke", RevokeAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, GatewayClient gateway)
    {
        var applications = await gateway.GetApiAsync(http, "me/apps", ApplicationJson.Default.MyApplications);
        return Page.Show<ApplicationsPage, ApplicationsModel>(new ApplicationsModel(applications.Items, http.Request.Query["done"] == "revoked"));
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, GatewayClient gateway)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        try
        {
            await gateway.SendApiAsync(http, HttpMethod.Delete, $"me/apps/{Uri.EscapeDataString(form["client"].ToString())}");
        }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.NotFound)
        {
            // It had no access any more: that is what was wanted.
        }

        return Page.Go($"{Path}?done=revoked");
    }
}
