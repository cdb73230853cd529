namespace NovaId.Api.OpenApi;

/// <summary>A list that holds nothing twice.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UniqueItemsAttribute : Attribute;
