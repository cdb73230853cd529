namespace NovaId.Contract.Faults;

/// <summary>What a caller shows, which is whom the gateway asks about it.</summary>
public enum Credential
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A session, which the gateway shows to Kratos.</summary>
    Session,

    /// <summary>An access token, which the gateway shows to Hydra.</summary>
    AccessToken,
}
