using NovaId.Api.Gateway;

namespace NovaId.Api.Account;

/// <summary>An app that the person let in.</summary>
/// <param name="ClientId">The OAuth2 client.</param>
/// <param name="Name">What it calls itself; the client id if it has no name.</param>
/// <param name="Uri">Its home page.</param>
/// <param name="LogoUri">Its picture.</param>
/// <param name="PolicyUri">What it says of privacy.</param>
/// <param name="TermsUri">Its terms.</param>
/// <param name="Scopes">All that it was let do.</param>
/// <param name="Audience">Where.</param>
/// <param name="Since">When it was first let in, of the times that are still known.</param>
/// <param name="LastGrantedAt">When it was last let in.</param>
internal sealed record MyApp(
    string ClientId,
    string Name,
    string? Uri,
    string? LogoUri,
    string? PolicyUri,
    string? TermsUri,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Audience,
    DateTimeOffset? Since,
    DateTimeOffset? LastGrantedAt)
{
    /// <summary>One for each app, whatever number of consents there are for it.</summary>
    public static IReadOnlyList<MyApp> Of(IEnumerable<ConsentSession> consents) =>
    [
        .. consents.GroupBy(consent => consent.ConsentRequest.Client.ClientId)
            .Select(consentsOfApp => Of([.. consentsOfApp.OrderByDescending(consent => consent.HandledAt)]))
            .OrderBy(app => app.Name, StringComparer.OrdinalIgnoreCase).ThenBy(app => app.ClientId, StringComparer.Ordinal),
    ];

    /// <param name="consents">Those for one app, the newest first.</param>
    private static MyApp Of(IReadOnlyList<ConsentSession> consents)
    {
        var client = consents[0].ConsentRequest.Client;
        return new MyApp(
            client.ClientId,
            TextOf(client.ClientName) ?? client.ClientId,
            TextOf(client.ClientUri),
            TextOf(client.LogoUri),
            TextOf(client.PolicyUri),
            TextOf(client.TosUri),
            [.. consents.SelectMany(consent => consent.GrantScope ?? []).Distinct().Order(StringComparer.Ordinal)],
            [.. consents.SelectMany(consent => consent.GrantAccessTokenAudience ?? []).Distinct().Order(StringComparer.Ordinal)],
            consents.Min(consent => consent.HandledAt),
            consents.Max(consent => consent.HandledAt));
    }

    private static string? TextOf(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
