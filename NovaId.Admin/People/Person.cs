using NovaId.Pages.Gateway;

namespace NovaId.Admin.People;

/// <summary>A person, as the API shows them.</summary>
public sealed record Person(string Id, string Email, PersonName? Name, string State, DateTimeOffset? CreatedAt, string? Rank)
{
    public bool IsActive => State == "active";

    /// <summary>The name, or else the address.</summary>
    public string DisplayName => Name?.Full is { Length: > 0 } name ? name : Email;
}
