using NovaId.Demo.Calls;

namespace NovaId.Demo.Claims;

/// <summary>The claims of the id_token, those that userinfo gave (null if it refused), and the way of that call.</summary>
public sealed record ClaimsModel(
    IReadOnlyList<KeyValuePair<string, string>> OfToken, IReadOnlyList<KeyValuePair<string, string>>? OfUserInfo, CallOutcome Outcome);
