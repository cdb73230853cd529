using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using NovaId.Admin.Rights;
using NovaId.Pages.Components;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Admin.Keys;

/// <summary>Everyone's API keys; revoke one.</summary>
internal static class KeyEndpoints
{
    public const string Path = $"{AdminApplication.BasePath}/keys";

    public const string RevokePath = $"{Path}/revoke";

    public static void MapKeys(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync).RequireSession();
        pages.MapPost(RevokePath, RevokeAsync).RequireSession();
        pages.MapGet(RevokePath, () => Page.Go(Path));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, RightsReader rights, GatewayClient gateway)
    {
        var token = http.Request.Query["page"].ToString();
        var path = token.Length == 0 ? "keys/all" : QueryHelpers.AddQueryString("keys/all", "pageToken", token);
        var keys = await rights.BesideAsync(gateway.GetApiAsync(http, path, KeyJson.Default.OwnedKeys));
        var next = keys.NextPageToken is { } page ? QueryHelpers.AddQueryString(Path, "page", page) : null;
        return Page.Show<KeysPage, KeysModel>(new KeysModel(keys.Items, next, http.Request.Query["done"] == "revoked"));
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, GatewayClient gateway)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        try
        {
            await gateway.SendApiAsync(http, HttpMethod.Delete, $"keys/{Uri.EscapeDataString(form["key"].ToString())}");
        }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.NotFound)
        {
            // It was gone before: that is what was wanted.
        }
        catch (ApiRefusedException e) when (StepUpModel.For(e.Problem?.Assurance, Path) is { } stepUp)
        {
            return stepUp;
        }

        return Page.Go($"{Path}?done=revoked");
    }
}
