namespace NovaId.Demo.Calls;

/// <summary>Who refused a call.</summary>
public enum Refuser
{
    /// <summary>Nobody: it was allowed.</summary>
    None,

    /// <summary>The gateway, before the API heard of it: Hydra does not know the token any more.</summary>
    Gateway,

    /// <summary>The gateway, because it cannot ask Hydra whether the token counts.</summary>
    Unasked,

    /// <summary>Nobody: there was no answer, or the gateway's own that whoever should give one does not.</summary>
    Unreachable,

    /// <summary>Hydra: the token does not count, or does not reach that far.</summary>
    Hydra,

    /// <summary>Hydra, on the way to new tokens: the refresh token does not count any more.</summary>
    Renewal,

    /// <summary>Kratos: the identity or the login.</summary>
    Kratos,

    /// <summary>Keto: the permission.</summary>
    Keto,

    /// <summary>The API itself: the form of the request, its version, or a limit.</summary>
    Api,

    /// <summary>The API could not ask somebody who must be asked.</summary>
    Unanswered,
}
