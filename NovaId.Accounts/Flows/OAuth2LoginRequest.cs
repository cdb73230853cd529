using NovaId.Accounts.Hydra;

namespace NovaId.Accounts.Flows;

/// <summary>The application for which somebody logs in.</summary>
public sealed record OAuth2LoginRequest(OAuth2Application? Client, string? RequestUrl);
