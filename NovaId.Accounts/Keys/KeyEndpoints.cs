using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using NovaId.Pages.Components;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Accounts.Keys;

/// <summary>API keys: make one, with its secret shown once; list and revoke them.</summary>
internal static class KeyEndpoints
{
    public const string Path = $"{AccountsApplication.BasePath}/keys";

    public const string NewPath = $"{Path}/new";

    private const int MaximumName = 100;

    public static void MapKeys(this IEndpointRouteBuilder pages)
    {
        var keys = pages.MapGroup(Path).RequireSession();
        keys.MapGet("", ShowAsync);
        keys.MapGet("/new", ShowFormAsync);
        keys.MapPost("/new", CreateAsync);
        keys.MapPost("/revoke", RevokeAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, GatewayClient gateway)
    {
        var token = http.Request.Query["page"].ToString();
        var keys = await gateway.GetApiAsync(http, token.Length == 0 ? "keys" : $"keys?page_token={Uri.EscapeDataString(token)}", KeyJson.Default.ApiKeys);
        var next = keys.NextPageToken is { } page ? QueryHelpers.AddQueryString(Path, "page", page) : null;
        return Page.Show<KeysPage, KeysModel>(new KeysModel(keys.Items, next, http.Request.Query["done"] == "revoked"));
    }

    /// <summary>The form; what stands in the address was entered before somebody had to show once more who they are.</summary>
    private static async Task<IResult> ShowFormAsync(HttpContext http, GatewayClient gateway)
    {
        var query = http.Request.Query;
        var key = query.ContainsKey("name") ? NewKey.Read(query["name"], query["scope"], query["capability"]) : NewKey.Empty;
        return await FormAsync(http, gateway, key, problem: null, nameProblem: null, StatusCodes.Status200OK);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, GatewayClient gateway)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var key = NewKey.Read(form["name"], form["scope"], form["capability"]);
        if (key.Name.Length is 0 or > MaximumName)
        {
            return await FormAsync(http, gateway, key, problem: null, Texts.Keys_NameProblem, StatusCodes.Status422UnprocessableEntity);
        }

        if (key.Scopes.Count == 0)
        {
            return await FormAsync(http, gateway, key, Texts.Keys_ScopeProblem, nameProblem: null, StatusCodes.Status422UnprocessableEntity);
        }

        try
        {
            var made = await gateway.SendApiAsync(http, HttpMethod.Post, "keys", key, KeyJson.Default.NewKey, KeyJson.Default.ApiKey);
            return Page.Show<KeyMadePage, ApiKey>(made, StatusCodes.Status201Created);
        }
        catch (ApiRefusedException e) when (StepUpModel.For(e.Problem?.Assurance, AddressOf(key)) is { } stepUp)
        {
            return stepUp;
        }
        catch (ApiRefusedException e) when (e.Status is HttpStatusCode.Forbidden or HttpStatusCode.BadRequest or HttpStatusCode.Conflict)
        {
            return await FormAsync(http, gateway, key, $"{e.Problem?.Title} {e.Problem?.Detail}".Trim(), nameProblem: null, (int)e.Status);
        }
        catch (ServiceUnavailableException)
        {
            // What was entered stays; whether a key was made nobody knows, and the list tells.
            return Form(key, key.Capabilities, Texts.Keys_Unavailable, nameProblem: null, StatusCodes.Status503ServiceUnavailable);
        }
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

        return Page.Go($"{Path}?done=revoked");
    }

    private static async Task<IResult> FormAsync(HttpContext http, GatewayClient gateway, NewKey key, string? problem, string? nameProblem, int status)
    {
        var permissions = await gateway.GetApiAsync(http, "me/permissions", KeyJson.Default.MyPermissions);
        return Form(key, permissions.Capabilities ?? [], problem, nameProblem, status);
    }

    private static IResult Form(NewKey key, IReadOnlyList<string> capabilities, string? problem, string? nameProblem, int status) =>
        Page.Show<NewKeyPage, NewKeyModel>(new NewKeyModel(key, capabilities, problem, nameProblem), status);

    private static string AddressOf(NewKey key)
    {
        var address = QueryHelpers.AddQueryString(NewPath, "name", key.Name);
        address = key.Scopes.Aggregate(address, (a, scope) => QueryHelpers.AddQueryString(a, "scope", scope));
        return key.Capabilities.Aggregate(address, (a, capability) => QueryHelpers.AddQueryString(a, "capability", capability));
    }
}
