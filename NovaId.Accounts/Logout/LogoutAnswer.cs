namespace NovaId.Accounts.Logout;

/// <summary>Where Kratos ends the session.</summary>
internal sealed record LogoutAnswer(string? LogoutToken);
