using System.Net;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Accounts.Sessions;

/// <summary>Where the person is logged in; end one, or all others.</summary>
internal static class SessionEndpoints
{
    public const string Path = $"{AccountsApplication.BasePath}/sessions";

    public static void MapSessions(this IEndpointRouteBuilder pages)
    {
        var sessions = pages.MapGroup(Path).RequireSession();
        sessions.MapGet("", ShowAsync);
        sessions.MapPost("/others/end", EndOthersAsync);
        sessions.MapPost("/{id:guid}/end", EndAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, GatewayClient gateway)
    {
        var sessions = await gateway.GetApiAsync(http, "me/sessions", SessionJson.Default.MySessions);
        var done = http.Request.Query["done"].ToString() switch
        {
            "one" => Texts.Sessions_EndedOne,
            "others" => Texts.Sessions_EndedOthers,
            _ => null,
        };
        return Page.Show<SessionsPage, SessionsModel>(new SessionsModel(sessions.Items, done));
    }

    private static async Task<IResult> EndOthersAsync(HttpContext http, GatewayClient gateway)
    {
        await gateway.SendApiAsync(http, HttpMethod.Delete, "me/sessions");
        return Page.Go($"{Path}?done=others");
    }

    private static async Task<IResult> EndAsync(HttpContext http, Guid id, GatewayClient gateway)
    {
        try
        {
            await gateway.SendApiAsync(http, HttpMethod.Delete, $"me/sessions/{id}");
        }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.NotFound)
        {
            // It had ended before: that is what was wanted.
        }

        return Page.Go($"{Path}?done=one");
    }
}
