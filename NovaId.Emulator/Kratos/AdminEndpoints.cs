using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>The rest of the administrative port: health, the version, and what answers 501.</summary>
internal sealed class AdminEndpoints(KratosConfiguration configuration)
{
    private static readonly (string Method, string Path, string Name)[] Absent =
    [
        ("PATCH", "/admin/identities", "The creation of identities in batches"),
        ("GET", "/admin/identities/by/external/{externalID}", "The search for an external id"),
        ("GET", "/admin/metrics/prometheus", "The endpoint for metrics"),
        ("GET", "/admin/health/config", "The hash of the configuration"),
    ];

    private static readonly (string Method, string Path)[] Public =
    [
        .. from flow in new[] { "login", "registration", "settings", "recovery", "verification" }
           from route in new[] { ("GET", "/api"), ("GET", "/browser"), ("GET", "/flows"), ("GET", ""), ("POST", "") }
           select (route.Item1, $"/admin/self-service/{flow}{route.Item2}"),
        ("GET", "/admin/self-service/logout"),
        ("GET", "/admin/self-service/logout/browser"),
        ("DELETE", "/admin/self-service/logout/api"),
        ("GET", "/admin/self-service/errors"),
        ("GET", "/admin/sessions/whoami"),
        ("DELETE", "/admin/sessions"),
        ("GET", "/admin/schemas"),
        ("GET", "/admin/schemas/{id}"),
    ];

    public void Map(Routes routes)
    {
        routes.Map("GET", "/admin/health/alive", PublicEndpoints.HealthyAsync);
        routes.Map("GET", "/admin/health/ready", PublicEndpoints.HealthyAsync);
        routes.Map("GET", "/admin/version", http => KratosJson.WriteAsync(http, 200, new JsonObject { ["version"] = "v26.2.0" }));
        foreach (var (method, path, name) in Absent)
        {
            routes.Map(method, path, _ => throw KratosException.NotInEmulator(name));
        }

        foreach (var (method, path) in Public)
        {
            routes.Map(method, path, RedirectToPublicAsync);
        }
    }

    private Task RedirectToPublicAsync(HttpContext http)
    {
        var path = new PathString(http.Request.Path.Value!["/admin".Length..]).ToUriComponent();
        return SelfService.RedirectAsync(
            http, Addresses.AppendPath(configuration.PublicAddress, path) + http.Request.QueryString, StatusCodes.Status307TemporaryRedirect);
    }
}
