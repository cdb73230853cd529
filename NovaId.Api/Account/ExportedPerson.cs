using NovaId.Api.Gateway;
using NovaId.Api.Users;

namespace NovaId.Api.Account;

/// <summary>Who a person is.</summary>
/// <param name="Id">The id of the identity.</param>
/// <param name="Email">The address to log in with.</param>
/// <param name="Name">The name, if it was given.</param>
/// <param name="State">active or inactive.</param>
/// <param name="CreatedAt">When the person registered.</param>
/// <param name="Addresses">The addresses at which they can be reached.</param>
/// <param name="Credentials">The ways in which they sign in.</param>
internal sealed record ExportedPerson(
    Guid Id,
    string Email,
    PersonNameModel? Name,
    string State,
    DateTimeOffset CreatedAt,
    IReadOnlyList<ExportedAddress> Addresses,
    IReadOnlyList<ExportedCredential> Credentials)
{
    public static ExportedPerson Of(Identity identity) => new(
        identity.Id,
        identity.Traits.Email,
        PersonNameModel.Of(identity),
        identity.State,
        identity.CreatedAt,
        [.. (identity.VerifiableAddresses ?? []).Select(address => new ExportedAddress(address.Value, address.Via, address.Verified, address.VerifiedAt))],
        [
            .. (identity.Credentials?.SetUp() ?? []).Select(one =>
                new ExportedCredential(one.Type, one.Credential.Identifiers ?? [], one.Credential.CreatedAt, one.Credential.UpdatedAt)),
        ]);
}
