using System.Globalization;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>What the logout page tells Hydra: /admin/oauth2/auth/requests/logout.</summary>
internal sealed class LogoutApi(HydraSettings settings, LogoutStore logouts)
{
    private const string Logout = "/admin/oauth2/auth/requests/logout";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapApi(HttpMethods.Get, Logout, GetAsync);
        endpoints.MapApi(HttpMethods.Put, Logout + "/accept", AcceptAsync);
        endpoints.MapApi(HttpMethods.Put, Logout + "/reject", http =>
        {
            logouts.Reject(Challenge(http));
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
    }

    private Task GetAsync(HttpContext http)
    {
        var request = logouts.Get(Challenge(http));
        return request.IsUsed
            ? http.WriteJsonAsync(new JsonObject { ["redirect_to"] = request.RequestUrl }, StatusCodes.Status410Gone)
            : http.WriteJsonAsync(Describe(request));
    }

    private Task AcceptAsync(HttpContext http) => http.WriteJsonAsync(new JsonObject
    {
        ["redirect_to"] = Urls.SetQuery(
            Urls.Append(settings.PublicUrl, "/oauth2/sessions/logout"),
            new KeyValuePair<string, string>("logout_verifier", logouts.Accept(Challenge(http)).Verifier)),
    });

    private static JsonObject Describe(LogoutRequest request) => new()
    {
        ["challenge"] = request.Challenge,
        ["subject"] = request.Subject,
        ["sid"] = request.SessionId,
        ["request_url"] = request.RequestUrl,
        ["rp_initiated"] = request.Client is not null,
        ["expires_at"] = Timestamp(request.ExpiresAt),
        ["requested_at"] = Timestamp(request.RequestedAt),
        ["client"] = request.Client?.ToJson(),
    };

    private static string? Timestamp(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Challenge(HttpContext http)
    {
        var query = http.Request.Query;
        return query["logout_challenge"].ToString() is { Length: > 0 } own ? own : query["challenge"].ToString();
    }
}
