namespace NovaId.Api.Account;

/// <summary>An address at which a person can be reached.</summary>
/// <param name="Value">The address.</param>
/// <param name="Via">email.</param>
/// <param name="Verified">Whether the person has shown that it is theirs.</param>
/// <param name="VerifiedAt">When.</param>
internal sealed record ExportedAddress(string Value, string Via, bool Verified, DateTimeOffset? VerifiedAt);
