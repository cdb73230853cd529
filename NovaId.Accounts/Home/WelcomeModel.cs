namespace NovaId.Accounts.Home;

/// <summary>Nobody in particular.</summary>
public sealed record WelcomeModel;
