namespace NovaId.Accounts.Applications;

/// <summary>An application that may act for the person, as the API lists them.</summary>
public sealed record MyApplication(
    string ClientId,
    string? Name,
    string? Uri,
    string? PolicyUri,
    string? TermsUri,
    IReadOnlyList<string>? Scopes,
    DateTimeOffset? Since,
    DateTimeOffset? LastGrantedAt);
