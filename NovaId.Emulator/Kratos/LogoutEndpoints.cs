using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Kratos;

/// <summary>Signing out, for browsers and for programs.</summary>
internal sealed class LogoutEndpoints(SelfService selfService, CsrfProtection csrf)
{
    private KratosConfiguration Configuration => selfService.Configuration;

    public void Map(Routes routes)
    {
        routes.Map("GET", "/self-service/logout/browser", StartAsync);
        routes.Map("GET", "/self-service/logout", FinishAsync);
        routes.Map("DELETE", "/self-service/logout/api", EndAsync);
    }

    private async Task StartAsync(HttpContext http)
    {
        try
        {
            var found = selfService.Sessions.Find(http.Request) ?? throw KratosException.NoActiveSession();
            var address = Addresses.SetQuery(
                Addresses.AppendPath(Configuration.PublicAddress, "/self-service/logout"), ("token", found.Session.LogoutToken));
            var returnTo = http.Request.Query["return_to"].ToString();
            if (returnTo.Length > 0)
            {
                address = Addresses.SetQuery(address, ("return_to", selfService.ReturnTo.Resolve(returnTo, Configuration.LogoutReturnAddress)));
            }

            await KratosJson.WriteAsync(http, 200, new JsonObject { ["logout_url"] = address, ["logout_token"] = found.Session.LogoutToken });
        }
        catch (KratosException error)
        {
            await selfService.ForwardAsync(http, error);
        }
    }

    private async Task FinishAsync(HttpContext http)
    {
        try
        {
            var token = http.Request.Query["token"].ToString();
            if (token.Length == 0)
            {
                throw KratosException.BadRequest("Please include a token in the URL query.");
            }

            var found = selfService.Sessions.Find(http.Request) ?? throw KratosException.NoActiveSession();
            if (found.Session.LogoutToken != token)
            {
                throw KratosException.Forbidden("Unable to log out because the logout token in the URL query does not match the session cookie.");
            }

            selfService.Sessions.Purge(http);
            csrf.Regenerate(http);
            var target = selfService.ReturnTo.Resolve(http.Request.Query["return_to"], Configuration.LogoutReturnAddress);
            if (ContentNegotiation.IsJson(http.Request))
            {
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            await SelfService.RedirectAsync(http, target);
        }
        catch (KratosException error)
        {
            await selfService.ForwardAsync(http, error);
        }
    }

    private async Task EndAsync(HttpContext http)
    {
        var body = await JsonBody.ReadAsync(http.Request);
        var token = GoJson.Member(body, "session_token") is { ValueKind: JsonValueKind.String } value
            ? value.GetString()!
            : "";
        try
        {
            selfService.Sessions.Revoke(token);
        }
        catch (KratosException error) when (error.Code == 404)
        {
            throw KratosException.Forbidden("The provided Ory Session Token could not be found, is invalid, or otherwise malformed.");
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
