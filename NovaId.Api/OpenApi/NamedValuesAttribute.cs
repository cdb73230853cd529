namespace NovaId.Api.OpenApi;

/// <summary>What a text, or each text of a list, may be: one of <see cref="NamedValues"/>, which the document names once for all.</summary>
/// <param name="name">The name.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class NamedValuesAttribute(string name) : Attribute
{
    public string Name => name;
}
