using System.Text.Json.Nodes;
using NovaId.Emulator.Kratos.Strategies;

namespace NovaId.Emulator.Kratos;

/// <summary>The rest of the public port: schemas, errors for the error page, health, and what answers 501.</summary>
internal sealed class PublicEndpoints(KratosConfiguration configuration, SelfService selfService)
{
    private static readonly (string Method, string Path, string Name)[] Absent =
    [
        ("GET", "/sessions/token-exchange", "The exchange of a code for a session token"),
        ("GET", "/self-service/methods/oidc/callback/{provider}", "Social sign-in"),
        ("POST", "/self-service/methods/oidc/callback/{provider}", "Social sign-in"),
        ("GET", "/self-service/fed-cm/parameters", "Social sign-in"),
        ("POST", "/self-service/fed-cm/token", "Social sign-in"),
    ];

    public void Map(Routes routes)
    {
        foreach (var prefix in new[] { "", "/admin" })
        {
            routes.Map("GET", $"{prefix}/schemas", ListSchemasAsync);
            routes.Map("GET", $"{prefix}/schemas/{{id}}", ShowSchemaAsync);
        }

        routes.Map("GET", "/self-service/errors", ShowErrorAsync);
        routes.Map("GET", PasskeyScript.Path, PasskeyScript.ServeAsync);
        routes.Map("GET", "/health/alive", HealthyAsync);
        routes.Map("GET", "/health/ready", HealthyAsync);
        foreach (var (method, path, name) in Absent)
        {
            routes.Map(method, path, _ => throw KratosException.NotInEmulator(name));
        }
    }

    /// <summary>Where a request to the public port is sent that belongs to the other one.</summary>
    public void MapRedirects(Routes routes)
    {
        foreach (var prefix in new[] { "", "/admin" })
        {
            foreach (var (method, path) in new[]
            {
                ("GET", "/identities"), ("POST", "/identities"), ("GET", "/identities/by/external/{externalID}"), ("GET", "/identities/{id}"),
                ("PUT", "/identities/{id}"), ("PATCH", "/identities/{id}"), ("DELETE", "/identities/{id}"),
                ("DELETE", "/identities/{id}/credentials/{type}"),
            })
            {
                routes.Map(method, prefix + path, RedirectToAdminAsync);
            }
        }

        routes.Map("DELETE", "/identities/{id}/sessions", RedirectToAdminAsync);
        routes.Map("POST", "/recovery/code", RedirectToAdminAsync);
        routes.Map("POST", "/recovery/link", RedirectToAdminAsync);
        routes.Map("GET", "/admin/courier/messages", RedirectToAdminAsync);
        routes.Map("GET", "/admin/courier/messages/{id}", RedirectToAdminAsync);
    }

    public static Task HealthyAsync(HttpContext http) => KratosJson.WriteAsync(http, 200, new JsonObject { ["status"] = "ok" });

    private Task RedirectToAdminAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        path = path.StartsWith("/admin/", StringComparison.Ordinal) ? path : "/admin" + path;
        var target = Addresses.AppendPath(configuration.AdminAddress, new PathString(path).ToUriComponent()) + http.Request.QueryString;
        return SelfService.RedirectAsync(http, target, StatusCodes.Status307TemporaryRedirect);
    }

    private async Task ListSchemasAsync(HttpContext http)
    {
        var (page, size) = Pagination.ParseNumbered(http.Request.Query);
        Pagination.LinkNumbered(http, configuration.Schemas.Count, page, size);
        await KratosJson.WriteAsync(http, 200, new JsonArray(
        [
            .. configuration.Schemas.Skip(page * size).Take(size)
                .Select(schema => new JsonObject { ["id"] = schema.Id, ["schema"] = KratosJson.ToNode(schema.Document) }),
        ]));
    }

    private async Task ShowSchemaAsync(HttpContext http)
    {
        var id = (string)http.Request.RouteValues["id"]!;
        var schema = configuration.FindSchema(id) ?? throw KratosException.NotFound($"Identity schema `{id}` could not be found.");
        await KratosJson.WriteAsync(http, 200, KratosJson.ToNode(schema.Document));
    }

    private Task ShowErrorAsync(HttpContext http)
    {
        var id = http.Request.Query["error"].FirstOrDefault() is { Length: > 0 } error ? error : http.Request.Query["id"].FirstOrDefault();
        return KratosJson.WriteAsync(http, 200, (id == "stub:500" ? StoredError.Example() : selfService.FindError(id)).ToJson());
    }
}
