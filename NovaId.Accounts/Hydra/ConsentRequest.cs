using Microsoft.AspNetCore.WebUtilities;

namespace NovaId.Accounts.Hydra;

/// <summary>An application asks to act for somebody.</summary>
internal sealed record ConsentRequest(
    string? Subject,
    bool Skip,
    IReadOnlyList<string>? RequestedScope,
    IReadOnlyList<string>? RequestedAccessTokenAudience,
    OAuth2Application? Client,
    string? RequestUrl)
{
    /// <summary>Where the browser ends: what the application asked for, or the one address that it registered.</summary>
    public string? RedirectUri => RedirectUriOf(RequestUrl, Client);

    public static string? RedirectUriOf(string? requestUrl, OAuth2Application? client)
    {
        var asked = Uri.TryCreate(requestUrl, UriKind.Absolute, out var url) && QueryHelpers.ParseQuery(url.Query).TryGetValue("redirect_uri", out var value)
            ? value.ToString()
            : null;
        return asked is not null && client?.RedirectUris?.Contains(asked) == true ? asked : client?.RedirectUris is [var only, ..] ? only : asked;
    }
}
