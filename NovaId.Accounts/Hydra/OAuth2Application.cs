namespace NovaId.Accounts.Hydra;

/// <summary>An application, as Hydra knows it.</summary>
public sealed record OAuth2Application(
    string? ClientId, string? ClientName, string? ClientUri, string? PolicyUri, string? TosUri, IReadOnlyList<string>? RedirectUris,
    IReadOnlyList<string>? PostLogoutRedirectUris, bool SkipConsent)
{
    /// <summary>What to call it.</summary>
    public string DisplayName => string.IsNullOrWhiteSpace(ClientName) ? ClientId ?? "" : ClientName;

    /// <summary>The host of its own page, by which somebody may recognise it; null if it names none.</summary>
    public string? Host => SafeUri(ClientUri)?.IdnHost;

    /// <summary>An address of the application, if a browser may be led there.</summary>
    public static Uri? SafeUri(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) ? uri : null;
}
