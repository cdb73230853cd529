using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>What the holder of a session may know of it and of their others, and ending those.</summary>
internal sealed class SessionEndpoints(SessionManager manager, SessionStore sessions, TimeProvider time)
{
    public void Map(Routes routes)
    {
        foreach (var method in new[] { "GET", "POST", "PUT", "PATCH", "OPTIONS", "TRACE" })
        {
            routes.Map(method, "/sessions/whoami", WhoAmIAsync);
        }

        routes.Map("GET", "/sessions", ListAsync);
        routes.Map("DELETE", "/sessions", RevokeOthersAsync);
        routes.Map("DELETE", "/sessions/{id}", RevokeAsync);
    }

    private async Task WhoAmIAsync(HttpContext http)
    {
        if (http.Request.Query["tokenize_as"].ToString().Length > 0)
        {
            throw KratosException.NotInEmulator("A session as a JSON Web Token (tokenize_as)");
        }

        var holder = manager.Find(http.Request) ?? throw KratosException.Unauthorized("No valid session credentials found in the request.");
        manager.RequireStrength(holder);
        var (session, identity) = holder;
        http.Response.Headers["X-Kratos-Authenticated-Identity-Id"] = identity.Id.ToString();
        manager.RefreshCookie(http, session);
        await KratosJson.WriteAsync(http, 200, manager.ToJson(session, identity));
    }

    private async Task ListAsync(HttpContext http)
    {
        var holder = Require(http);
        manager.RequireStrength(holder);
        var (current, identity) = holder;
        var now = time.GetUtcNow();
        var others = sessions.List(session => session.IdentityId == identity.Id && session.Id != current.Id && session.HoldsAt(now));
        var (page, size) = Pagination.ParseNumbered(http.Request.Query);
        Pagination.LinkNumbered(http, others.Count, page, size);
        await KratosJson.WriteAsync(
            http,
            200,
            new JsonArray([.. others.Skip(page * size).Take(size).Select(session => session.ToJson(true, identity.ToBareJson(), session.DevicesToJson()))]));
    }

    private async Task RevokeOthersAsync(HttpContext http)
    {
        var (current, identity) = Require(http);
        var count = sessions.Revoke(session => session.IdentityId == identity.Id && session.Id != current.Id);
        await KratosJson.WriteAsync(http, 200, new JsonObject { ["count"] = count });
    }

    private async Task RevokeAsync(HttpContext http)
    {
        var text = (string)http.Request.RouteValues["id"]!;
        if (text == "whoami")
        {
            await WhoAmIAsync(http);
            return;
        }

        var (current, identity) = Require(http);
        var id = GoUuid.Parse(text);
        if (id == current.Id)
        {
            throw KratosException.BadRequestMessage("cannot revoke current session");
        }

        sessions.Revoke(session => session.Id == id && session.IdentityId == identity.Id);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private ActiveSession Require(HttpContext http) =>
        manager.Find(http.Request) ?? throw KratosException.Unauthorized("No valid session cookie found.");
}
