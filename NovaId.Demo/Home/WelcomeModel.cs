namespace NovaId.Demo.Home;

/// <summary>Where to go on, and whether somebody just went.</summary>
public sealed record WelcomeModel(string Login, bool IsSignedOut);
