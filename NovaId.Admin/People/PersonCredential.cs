namespace NovaId.Admin.People;

/// <summary>A way in which a person signs in.</summary>
public sealed record PersonCredential(string Type, bool IsSecondFactor, DateTimeOffset? Since);
