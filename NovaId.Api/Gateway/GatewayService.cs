namespace NovaId.Api.Gateway;

/// <summary>What stands behind a call, for whoever is told that it did not answer.</summary>
internal enum GatewayService
{
    Gateway,
    Kratos,
    Keto,
    Hydra,
}
