using NovaId.Api.Gateway;
using NovaId.Api.OpenApi;

namespace NovaId.Api.Users;

/// <summary>A person.</summary>
/// <param name="Id">The id of the identity.</param>
/// <param name="Email">The address to log in with.</param>
/// <param name="Name">The name, if it was given.</param>
/// <param name="State">active or inactive.</param>
/// <param name="CreatedAt">When the person registered.</param>
internal sealed record User(
    Guid Id,
    string Email,
    PersonNameModel? Name,
    [property: NamedValues(NamedValues.PersonState)] string State,
    DateTimeOffset CreatedAt)
{
    public static User Of(Identity identity) =>
        new(identity.Id, identity.Traits.Email, PersonNameModel.Of(identity), identity.State, identity.CreatedAt);
}
