using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Demo.Login;
using NovaId.Pages.Components;
using NovaId.Pages.Http;

namespace NovaId.Demo.Calls;

/// <summary>The API, to be tried: each call with the way it took.</summary>
internal static class CallEndpoints
{
    public const string Path = "/calls";

    /// <summary>Says in the address of a page that its call is to be sent.</summary>
    public const string Send = "send";

    public static void MapCalls(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, (AppSession session) => Page.Show<CallsPage, CallsModel>(new CallsModel(session.Tokens!.Scopes))).RequireLogin();
        pages.MapGet($"{Path}/{{name}}", ShowAsync).RequireLogin();
        pages.MapPost($"{Path}/{{name}}", SendAsync).RequireLogin();
    }

    /// <summary>The address that sends a reading call about one thing, or shows the form of another with that thing in it.</summary>
    public static string AddressOf(string name, string id) =>
        $"{Path}/{name}?id={Uri.EscapeDataString(id)}{(ApiCall.Find(name)!.IsRead ? $"&{Send}=now" : "")}";

    private static async Task<IResult> ShowAsync(string name, HttpContext http, AppSession session, CallClient client)
    {
        if (ApiCall.Find(name) is not { } call)
        {
            return ErrorModel.NotFound();
        }

        var query = http.Request.Query;
        var form = CallForm.Of(call, field => query.TryGetValue(field, out var value) ? value.ToString() : null);
        if (call.IsRead)
        {
            return Show(call, form, query.ContainsKey(Send) ? await client.SendAsync(http, call, form) : null, session);
        }

        // What is to be changed is read first, and stands in the form; where that is refused, the page says by whom.
        if (call.FilledBy is { } reader && ApiCall.Find(reader) is { } read && form["id"].Length > 0)
        {
            var outcome = await client.SendAsync(http, read, form);
            if (!outcome.IsAllowed || outcome.Json is not { ValueKind: JsonValueKind.Object } present)
            {
                return Show(call, form, outcome, session);
            }

            var filled = call.Fill!(JsonObject.Create(present)!);
            form = CallForm.Of(call, field => field switch
            {
                "id" => form["id"],
                "version" => outcome.Version,
                _ => filled.GetValueOrDefault(field),
            });
        }

        return Show(call, form, null, session);
    }

    private static async Task<IResult> SendAsync(string name, HttpContext http, AppSession session, CallClient client)
    {
        if (ApiCall.Find(name) is not { IsRead: false } call)
        {
            return ErrorModel.NotFound();
        }

        var fields = await http.Request.ReadFormAsync(http.RequestAborted);
        var form = CallForm.Of(call, field => fields.TryGetValue(field, out var value) ? value.ToString() : null);
        return Show(call, form, await client.SendAsync(http, call, form), session);
    }

    private static IResult Show(ApiCall call, CallForm form, CallOutcome? outcome, AppSession session) =>
        Page.Show<CallPage, CallModel>(new CallModel(call, form, outcome, session.Tokens!.Scopes.Contains(call.Scope)), outcome?.PageStatus ?? StatusCodes.Status200OK);
}
