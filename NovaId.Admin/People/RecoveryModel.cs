namespace NovaId.Admin.People;

/// <summary>The code, and the person it is for.</summary>
public sealed record RecoveryModel(string Back, RecoveryCode Code);
