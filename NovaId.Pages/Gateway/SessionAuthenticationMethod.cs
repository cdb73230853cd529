namespace NovaId.Pages.Gateway;

/// <summary>One way in which a person showed who they are.</summary>
/// <param name="Method">password, code, passkey, totp, lookup_secret and so on.</param>
/// <param name="Aal">The assurance level it gave.</param>
/// <param name="CompletedAt">When.</param>
public sealed record SessionAuthenticationMethod(string? Method, string? Aal, DateTimeOffset? CompletedAt);
