namespace NovaId.Api.Account;

/// <summary>A way in which a person signs in, without its secret.</summary>
/// <param name="Type">password, passkey, code, totp or lookup_secret.</param>
/// <param name="Identifiers">The names that belong to it.</param>
/// <param name="CreatedAt">When it was set up.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
internal sealed record ExportedCredential(string Type, IReadOnlyList<string> Identifiers, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt);
