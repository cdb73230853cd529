using Microsoft.AspNetCore.WebUtilities;

namespace NovaId.Accounts.Hydra;

/// <summary>Somebody is to be logged out, at the wish of an application or at their own.</summary>
internal sealed record LogoutQuestion(string? Subject, bool RpInitiated, OAuth2Application? Client, string? RequestUrl)
{
    /// <summary>Where the browser ends: what the application asked for, if it registered that; null if it asked for nothing.</summary>
    public string? RedirectUri =>
        // Hydra writes this address without its host.
        RequestUrl?.Split('?', 2) is [_, var query]
        && QueryHelpers.ParseQuery(query).TryGetValue("post_logout_redirect_uri", out var asked)
        && Client?.PostLogoutRedirectUris?.Contains(asked.ToString()) == true
            ? asked.ToString()
            : null;
}
