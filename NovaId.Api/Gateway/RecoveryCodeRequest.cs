namespace NovaId.Api.Gateway;

/// <summary>Asks Kratos for a recovery code.</summary>
internal sealed record RecoveryCodeRequest(Guid IdentityId);
