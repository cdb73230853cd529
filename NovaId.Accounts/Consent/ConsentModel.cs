using NovaId.Accounts.Hydra;

namespace NovaId.Accounts.Consent;

/// <summary>Who asks, for what, and whom.</summary>
public sealed record ConsentModel(string Challenge, OAuth2Application Application, IReadOnlyList<string> Scopes, string Person);
