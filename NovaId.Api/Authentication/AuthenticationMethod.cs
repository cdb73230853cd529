namespace NovaId.Api.Authentication;

/// <summary>What the caller showed to the gateway.</summary>
internal enum AuthenticationMethod
{
    /// <summary>A session of Kratos, by token or cookie.</summary>
    Session,

    /// <summary>An access token of Hydra.</summary>
    OAuth2,
}
