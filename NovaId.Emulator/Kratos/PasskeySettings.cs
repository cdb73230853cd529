namespace NovaId.Emulator.Kratos;

/// <summary>For whom passkeys are made.</summary>
/// <param name="RelyingParty">The domain that they are bound to.</param>
/// <param name="DisplayName">What the browser calls it.</param>
/// <param name="Origins">The addresses of the pages that may use them.</param>
internal sealed record PasskeySettings(string RelyingParty, string DisplayName, IReadOnlySet<string> Origins);
