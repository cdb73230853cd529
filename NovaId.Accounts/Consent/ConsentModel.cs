using NovaId.Accounts.Hydra;

namespace NovaId.Accounts.Consent;

/// <summary>Who asks, for what, and whom; and what was ticked before, where an answer could not be taken.</summary>
public sealed record ConsentModel(
    string Challenge, OAuth2Application Application, IReadOnlyList<string> Scopes, string Person, IReadOnlyList<string> Ticked, bool Remember);
