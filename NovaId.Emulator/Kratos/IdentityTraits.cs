using System.Collections.Immutable;
using System.Text.Json;

namespace NovaId.Emulator.Kratos;

/// <summary>Derives from the traits what Kratos derives from them: identifiers to sign in with, addresses to verify and to recover with.</summary>
internal static class IdentityTraits
{
    /// <summary>The identity with other traits and all that follows from them. The traits must be valid.</summary>
    public static Identity WithTraits(this Identity identity, JsonElement traits, DateTimeOffset now)
    {
        var marked = identity.Schema.Marked(traits).ToArray();
        var credentials = SetIdentifiers(identity.Credentials, Credential.Password, Values(e => e.PasswordIdentifier), now);
        credentials = SetIdentifiers(credentials, Credential.Code, Values(e => e.CodeIdentifier), now);
        return identity with
        {
            Traits = traits,
            Credentials = credentials,
            VerifiableAddresses =
            [
                .. Values(e => e.VerifiedVia is not null).Select(value => identity.VerifiableAddresses.FirstOrDefault(a => a.Value == value)
                    ?? new VerifiableAddress(Guid.NewGuid(), value, "email", Verified: false, VerifiableAddress.Pending, null, now, now)),
            ],
            RecoveryAddresses =
            [
                .. Values(e => e.RecoversVia is not null).Select(value => identity.RecoveryAddresses.FirstOrDefault(a => a.Value == value)
                    ?? new RecoveryAddress(Guid.NewGuid(), value, "email", now)),
            ],
        };

        string[] Values(Func<SchemaExtension, bool> means) =>
            [.. marked.Where(item => means(item.Node.Extension)).Select(item => Normalise(item.Value)).Distinct()];
    }

    /// <summary>The identity with another password.</summary>
    public static Identity WithPassword(this Identity identity, string hash, DateTimeOffset now)
    {
        var credential = identity.Credentials.GetValueOrDefault(Credential.Password) ?? new Credential(Credential.Password, [], now, now);
        return identity with
        {
            Credentials = identity.Credentials.SetItem(Credential.Password, credential with { PasswordHash = hash, UpdatedAt = now }),
        };
    }

    /// <summary>The identity with one of its verifiable addresses changed.</summary>
    public static Identity WithAddress(this Identity identity, string value, Func<VerifiableAddress, VerifiableAddress> change) => identity with
    {
        VerifiableAddresses = [.. identity.VerifiableAddresses.Select(address => address.Value == value ? change(address) : address)],
    };

    /// <summary>The identity with this credential in the place of the one of its type.</summary>
    public static Identity WithCredential(this Identity identity, Credential credential) =>
        identity with { Credentials = identity.Credentials.SetItem(credential.Type, credential), UpdatedAt = credential.UpdatedAt };

    /// <summary>The identity without the credentials of a type.</summary>
    public static Identity WithoutCredential(this Identity identity, string type, DateTimeOffset now) =>
        identity with { Credentials = identity.Credentials.Remove(type), UpdatedAt = now };

    /// <summary>The value of the trait that the schema marks for this; null without one.</summary>
    public static string? Marked(this Identity identity, Func<SchemaExtension, bool> means) =>
        identity.Schema.Marked(identity.Traits).Where(item => means(item.Node.Extension)).Select(item => item.Value).LastOrDefault();

    public static string Normalise(string identifier) => identifier.Trim().ToLowerInvariant();

    private static ImmutableSortedDictionary<string, Credential> SetIdentifiers(
        ImmutableSortedDictionary<string, Credential> credentials, string type, string[] identifiers, DateTimeOffset now)
    {
        if (identifiers.Length == 0)
        {
            return credentials;
        }

        var before = credentials.GetValueOrDefault(type) ?? new Credential(type, [], now, now);
        return before.Identifiers.SequenceEqual(identifiers)
            ? credentials
            : credentials.SetItem(type, before with { Identifiers = [.. identifiers], UpdatedAt = now });
    }
}
