namespace NovaId.Accounts.Logout;

/// <summary>Who wishes the logout: an application, by its name and Hydra's question, or the person.</summary>
public sealed record LogoutModel(string? Challenge, string? Application);
