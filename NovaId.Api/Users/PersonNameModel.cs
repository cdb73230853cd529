using NovaId.Api.Gateway;

namespace NovaId.Api.Users;

/// <summary>A person's name.</summary>
/// <param name="First">The first name.</param>
/// <param name="Last">The last name.</param>
internal sealed record PersonNameModel(string? First, string? Last)
{
    public static PersonNameModel? Of(Identity? identity) =>
        identity?.Traits.Name is { } name ? new PersonNameModel(name.First, name.Last) : null;
}
