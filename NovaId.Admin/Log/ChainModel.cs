namespace NovaId.Admin.Log;

/// <summary>What the check found; null before it was asked for.</summary>
public sealed record ChainModel(LogVerification? Verification);
