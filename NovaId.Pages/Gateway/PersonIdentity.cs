namespace NovaId.Pages.Gateway;

/// <summary>A person, as Kratos knows them.</summary>
/// <param name="Id">The id.</param>
/// <param name="Traits">Address and name.</param>
/// <param name="VerifiableAddresses">The addresses, and whether they are confirmed.</param>
/// <param name="CreatedAt">Since when.</param>
public sealed record PersonIdentity(
    string Id, PersonTraits? Traits, IReadOnlyList<VerifiableAddress>? VerifiableAddresses, DateTimeOffset? CreatedAt);
