namespace NovaId.Api.Users;

/// <summary>A way in which a person signs in, without its secret.</summary>
/// <param name="Type">password, passkey, code, totp or lookup_secret.</param>
/// <param name="IsSecondFactor">Whether it counts as a second factor.</param>
/// <param name="Since">When it was set up.</param>
internal sealed record UserCredential(string Type, bool IsSecondFactor, DateTimeOffset? Since);
