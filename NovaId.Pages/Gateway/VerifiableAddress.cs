namespace NovaId.Pages.Gateway;

/// <summary>An address that its owner can confirm.</summary>
/// <param name="Value">The address.</param>
/// <param name="Verified">Whether it is confirmed.</param>
public sealed record VerifiableAddress(string? Value, bool Verified);
