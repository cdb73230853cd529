namespace NovaId.Pages.Gateway;

/// <summary>Which service a path of the gateway leads to.</summary>
internal static class ZoneServices
{
    public static ZoneService At(string path) => path switch
    {
        _ when path.StartsWith("api/", StringComparison.Ordinal) => ZoneService.Api,
        _ when path.StartsWith(".ory/kratos/", StringComparison.Ordinal) => ZoneService.Kratos,
        _ when path.StartsWith("svc/kratos/", StringComparison.Ordinal) => ZoneService.Kratos,
        _ when path.StartsWith("svc/hydra/", StringComparison.Ordinal) => ZoneService.Hydra,
        _ when path.StartsWith("oauth2/", StringComparison.Ordinal) => ZoneService.Hydra,
        _ => ZoneService.Gateway,
    };
}
