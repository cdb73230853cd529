namespace NovaId.Accounts.Hydra;

/// <summary>Somebody lets an application act for them.</summary>
internal sealed record ConsentAcceptance(
    IReadOnlyList<string> GrantScope,
    IReadOnlyList<string> GrantAccessTokenAudience,
    bool Remember,
    long RememberFor,
    ConsentSession Session);
