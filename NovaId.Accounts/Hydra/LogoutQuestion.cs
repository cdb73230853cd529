namespace NovaId.Accounts.Hydra;

/// <summary>Somebody is to be logged out, at the wish of an application or at their own.</summary>
internal sealed record LogoutQuestion(string? Subject, bool RpInitiated, OAuth2Application? Client);
