using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>A person, as Kratos knows them.</summary>
internal sealed record Identity
{
    /// <summary>The member that administrators alone see.</summary>
    public const string AdminMetadata = "metadata_admin";

    public const string Active = "active";
    public const string Inactive = "inactive";

    public required Guid Id { get; init; }

    public string ExternalId { get; init; } = "";

    public required IdentitySchema Schema { get; init; }

    public required string State { get; init; }

    public required DateTimeOffset StateChangedAt { get; init; }

    public required JsonElement Traits { get; init; }

    public ImmutableArray<VerifiableAddress> VerifiableAddresses { get; init; } = [];

    public ImmutableArray<RecoveryAddress> RecoveryAddresses { get; init; } = [];

    public JsonElement? MetadataPublic { get; init; }

    public JsonElement? MetadataAdmin { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public ImmutableSortedDictionary<string, Credential> Credentials { get; init; } =
        ImmutableSortedDictionary<string, Credential>.Empty.WithComparers(StringComparer.Ordinal);

    public bool IsActive => State == Active;

    /// <summary>Whether a login of one factor is not all that this person can prove.</summary>
    public bool HasSecondFactor => Credentials.ContainsKey(Credential.Totp) || Credentials.ContainsKey(Credential.Lookup);

    public string? PasswordHash => Credentials.GetValueOrDefault(Credential.Password)?.PasswordHash;

    /// <summary>The identity as the person may see it.</summary>
    public JsonObject ToJson(string publicAddress) => ToJson(Schema.Address(publicAddress), withAddresses: true);

    /// <summary>The identity inside a list of sessions, where Kratos loads neither the addresses nor where the schema is.</summary>
    public JsonObject ToBareJson() => ToJson("", withAddresses: false);

    /// <summary>The identity as an administrator may see it.</summary>
    /// <param name="publicAddress">Where the schemas are published.</param>
    /// <param name="withCredentials">Whether the credentials are listed.</param>
    /// <param name="disclosed">The types of credentials to show whole.</param>
    public JsonObject ToAdminJson(string publicAddress, bool withCredentials, IReadOnlyCollection<string> disclosed)
    {
        var json = ToJson(publicAddress);
        if (withCredentials && Credentials.Count > 0)
        {
            var credentials = new JsonObject();
            foreach (var (type, credential) in Credentials)
            {
                credentials[type] = credential.ToJson(disclosed.Contains(type));
            }

            json.Insert(1, "credentials", credentials);
        }

        json.Insert(json.IndexOf("metadata_public") + 1, AdminMetadata, MetadataAdmin is { } metadata ? KratosJson.ToNode(metadata) : null);
        return json;
    }

    private JsonObject ToJson(string schemaAddress, bool withAddresses)
    {
        var json = new JsonObject { ["id"] = Id.ToString() };
        if (ExternalId.Length > 0)
        {
            json["external_id"] = ExternalId;
        }

        json["schema_id"] = Schema.Id;
        json["schema_url"] = schemaAddress;
        json["state"] = State;
        json["state_changed_at"] = KratosJson.Time(StateChangedAt);
        json["traits"] = KratosJson.ToNode(Traits);
        if (withAddresses && VerifiableAddresses.Length > 0)
        {
            json["verifiable_addresses"] = new JsonArray([.. VerifiableAddresses.Select(address => address.ToJson())]);
        }

        if (withAddresses && RecoveryAddresses.Length > 0)
        {
            json["recovery_addresses"] = new JsonArray([.. RecoveryAddresses.Select(address => address.ToJson())]);
        }

        json["metadata_public"] = MetadataPublic is { } metadata ? KratosJson.ToNode(metadata) : null;
        json["created_at"] = KratosJson.Time(CreatedAt);
        json["updated_at"] = KratosJson.Time(UpdatedAt);
        json["organization_id"] = null;
        return json;
    }
}
