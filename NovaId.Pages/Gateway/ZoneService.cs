namespace NovaId.Pages.Gateway;

/// <summary>Who stands behind the gateway, as a page tells it.</summary>
public enum ZoneService
{
    /// <summary>The gateway itself.</summary>
    Gateway,

    /// <summary>Kratos: who somebody is.</summary>
    Kratos,

    /// <summary>Hydra: which application may act for somebody.</summary>
    Hydra,

    /// <summary>The API.</summary>
    Api,
}
