using NovaId.Demo.Login;

namespace NovaId.Demo.Home;

/// <summary>Who let this app in, what it was given, and what was just done.</summary>
public sealed record HomeModel(string Name, AppTokens Tokens, bool IsOver, string? Done);
