namespace NovaId.Pages.Gateway;

/// <summary>A person's name.</summary>
/// <param name="First">The first name.</param>
/// <param name="Last">The last name.</param>
public sealed record PersonName(string? First, string? Last)
{
    /// <summary>Both.</summary>
    public string Full => $"{First} {Last}".Trim();
}
