namespace NovaId.Api.OpenApi;

/// <summary>What a generated client shows as the message of its exception.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PrimaryMessageAttribute : Attribute;
