namespace NovaId.Pages.Gateway;

/// <summary>What a person says of themselves.</summary>
/// <param name="Email">The address.</param>
/// <param name="Name">The name.</param>
public sealed record PersonTraits(string? Email, PersonName? Name)
{
    /// <summary>The name, or else the address.</summary>
    public string DisplayName => Name?.Full is { Length: > 0 } name ? name : Email ?? "";
}
