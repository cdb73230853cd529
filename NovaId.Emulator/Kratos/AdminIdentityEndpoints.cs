using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;
using NovaId.Emulator.Postgres;

namespace NovaId.Emulator.Kratos;

/// <summary>The administration of identities.</summary>
internal sealed class AdminIdentityEndpoints(KratosConfiguration configuration, IdentityStore identities, SessionStore sessions, TimeProvider time)
{
    private const int MaxPageSize = 500;
    private const int ExternalIdLimit = 64;
    private const string Nobody = "00000000-0000-0000-0000-000000000000";

    private static readonly GoType Credentials = GoType.Struct("identity.IdentityWithCredentials", (
        "password", GoType.Struct("identity.AdminIdentityImportCredentialsPassword", (
            "config", GoType.Struct(
                "identity.AdminIdentityImportCredentialsPasswordConfig", ("hashed_password", GoType.Text), ("password", GoType.Text))))));

    private static readonly (string Name, GoType Type)[] CreateMembers =
    [
        ("schema_id", GoType.Text),
        ("traits", GoType.Anything),
        ("credentials", Credentials),
        ("verifiable_addresses", GoType.Slice(GoType.Struct(
            "identity.VerifiableAddress",
            ("value", GoType.Text),
            ("verified", GoType.Truth),
            ("via", GoType.Text),
            ("status", GoType.TextNamed("identity.VerifiableAddressStatus"))))),
        ("recovery_addresses", GoType.Slice(GoType.Struct("identity.RecoveryAddress", ("value", GoType.Text), ("via", GoType.Text)))),
        ("metadata_public", GoType.Anything),
        ("metadata_admin", GoType.Anything),
        ("state", GoType.TextNamed("identity.State")),
        ("organization_id", GoType.Anything),
        ("external_id", GoType.Text),
    ];

    private static readonly GoType CreateBody = GoType.Struct("identity.CreateIdentityBody", CreateMembers);

    private static readonly GoType UpdateBody = GoType.Struct(
        "identity.UpdateIdentityBody",
        ("schema_id", GoType.Text),
        ("credentials", Credentials),
        ("state", GoType.TextNamed("identity.State")),
        ("external_id", GoType.Text));

    private static readonly GoType PatchedIdentity = GoType.Struct(
        "identity.WithCredentialsAndAdminMetadataInJSON", ("schema_id", GoType.Text), ("state", GoType.TextNamed("identity.State")), ("external_id", GoType.Text));

    private static readonly string[] CredentialTypes =
        ["password", "oidc", "saml", "totp", "lookup_secret", "webauthn", "code", "link_recovery", "code_recovery", "passkey"];

    // Kratos denies these, whatever their case.
    private static readonly string[] DeniedPaths = ["/id", "/statechangedat", "/credentials"];
    private static readonly string[] PatchedMembers =
        ["state", "traits", "metadata_public", "metadata_admin", "schema_id", "external_id", "verifiable_addresses"];

    public void Map(Routes routes)
    {
        routes.Map("GET", "/admin/identities", ListAsync);
        routes.Map("POST", "/admin/identities", CreateAsync);
        routes.Map("GET", "/admin/identities/{id}", ShowAsync);
        routes.Map("PUT", "/admin/identities/{id}", ReplaceAsync);
        routes.Map("PATCH", "/admin/identities/{id}", PatchAsync);
        routes.Map("DELETE", "/admin/identities/{id}", DeleteAsync);
        routes.Map("DELETE", "/admin/identities/{id}/credentials/{type}", DeleteCredentialAsync);
    }

    private async Task ListAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (query["preview_credentials_identifier_similar"].ToString().Length > 0 || query["organization_id"].ToString().Length > 0)
        {
            throw KratosException.NotInEmulator("A search for similar identifiers or by organization");
        }

        if (query.ContainsKey("page") && !query.ContainsKey("page_token") && !query.ContainsKey("page_size"))
        {
            throw KratosException.NotInEmulator("A list of identities by page number, which Kratos has deprecated,");
        }

        var ids = GoValues.OfQuery(http.Request).All("ids").Select(text => GoUuid.TryParse(text, out var id)
            ? id
            : throw KratosException.BadRequest($"Invalid UUID value `{text}` for parameter `ids`.")).ToHashSet();
        if (ids.Count > MaxPageSize)
        {
            throw KratosException.BadRequest("The number of ids to filter must not exceed 500.");
        }

        var identifier = query["credentials_identifier"].ToString();
        var disclosed = Disclosed(http.Request);
        if (ids.Count > 0 && identifier.Length > 0)
        {
            throw KratosException.BadRequest("You cannot combine multiple filters in this API");
        }

        if (PostgresText.Refusal(identifier) is { } refusal)
        {
            throw new KratosException(500, $"unable to fetch records: {refusal}");
        }

        var size = Pagination.KeysetSize(
            query, MaxPageSize, text => KratosException.BadRequest($"strconv.Atoi: parsing \"{text}\": invalid syntax"));
        var token = query["page_token"].FirstOrDefault(text => !string.IsNullOrEmpty(text)) ?? Nobody;
        if (!GoUuid.TryParse(token, out var after))
        {
            throw Pagination.InvalidToken();
        }

        var start = after.ToString();
        var wanted = IdentityTraits.Normalise(identifier);
        var page = identities.List(identity => string.CompareOrdinal(identity.Id.ToString(), start) > 0
            && (ids.Count == 0 || ids.Contains(identity.Id))
            && (identifier.Length == 0 || identity.Credentials.Values.Any(credential => credential.Identifiers.Contains(wanted))));
        var more = page.Count > size;
        page = [.. page.Take(size)];
        Pagination.LinkKeyset(http, size, Nobody, more ? page[^1].Id.ToString() : null);
        var withCredentials = identifier.Length > 0 || disclosed.Count > 0;
        await KratosJson.WriteAsync(
            http, 200, new JsonArray([.. page.Select(identity => identity.ToAdminJson(configuration.PublicAddress, withCredentials, disclosed))]));
    }

    private async Task ShowAsync(HttpContext http)
    {
        var identity = Find(http);
        await KratosJson.WriteAsync(http, 200, identity.ToAdminJson(configuration.PublicAddress, withCredentials: true, Disclosed(http.Request)));
    }

    private async Task CreateAsync(HttpContext http)
    {
        var body = await JsonBody.ReadAnyAsync(http.Request);
        if (CreateBody.Mismatch(body) is { } mismatch)
        {
            throw KratosException.BadRequestMessage(mismatch);
        }

        foreach (var member in (body.ValueKind == JsonValueKind.Null ? [] : body.EnumerateObject().AsEnumerable()).Where(member => !CreateMembers.Any(known => GoJson.IsNamed(member.Name, known.Name))))
        {
            throw KratosException.BadRequestMessage($"json: unknown field \"{member.Name}\"");
        }

        if (Member(body, "organization_id") is not null)
        {
            throw KratosException.NotInEmulator("The organization of an identity");
        }

        var now = time.GetUtcNow();
        var identity = new Identity
        {
            Id = Guid.NewGuid(),
            ExternalId = Text(body, "external_id"),
            Schema = SchemaOf(Text(body, "schema_id")),
            State = StateOf(Text(body, "state"), Identity.Active),
            StateChangedAt = now,
            Traits = RawMember(body, "traits") ?? KratosJson.Parse("{}"),
            VerifiableAddresses = VerifiableAddressesOf(Member(body, "verifiable_addresses"), now),
            RecoveryAddresses = RecoveryAddressesOf(Member(body, "recovery_addresses"), now),
            MetadataPublic = Member(body, "metadata_public"),
            MetadataAdmin = Member(body, "metadata_admin"),
            CreatedAt = now,
            UpdatedAt = now,
        };
        identity = Import(identity, Member(body, "credentials"), now);
        identity = Validated(identity).WithTraits(identity.Traits, now);
        try
        {
            identities.Create(identity);
        }
        catch (KratosException error) when (error.Code == 409)
        {
            throw new KratosException(
                409,
                "The resource could not be created due to a conflict",
                reason: "This identity conflicts with another identity that already exists.");
        }

        http.Response.Headers.Location = Addresses.AppendPath(configuration.AdminAddress, $"/identities/{identity.Id}");
        var created = identity.ToAdminJson(configuration.PublicAddress, withCredentials: true, []);
        if (identity.MetadataAdmin is null)
        {
            // It is there, and null, once it has been read from the database.
            created.Remove(Identity.AdminMetadata);
        }

        await KratosJson.WriteAsync(http, 201, created);
    }

    private Task DeleteCredentialAsync(HttpContext http)
    {
        var type = (string)http.Request.RouteValues["type"]!;
        identities.Update(Find(http).Id, current => WithoutCredential(current, type));
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Identity WithoutCredential(Identity identity, string type)
    {
        var credential = identity.Credentials.GetValueOrDefault(type)
            ?? throw KratosException.NotFound($"You tried to remove a {type} but this user have no {type} set up.");
        var now = time.GetUtcNow();
        switch (type)
        {
            case Credential.Totp or Credential.Lookup:
                return identity.WithoutCredential(type, now);
            case Credential.Password:
                var others = (configuration.CodeSignsIn ? 1 : 0) + (identity.Credentials.GetValueOrDefault(Credential.Passkey)?.Passkeys.Length ?? 0);
                return others + (credential.PasswordHash is null ? 0 : 1) < 2
                    ? throw KratosException.BadRequest("You cannot remove the last first factor credential.")
                    : identity.WithCredential(credential with { PasswordHash = null, UpdatedAt = now });
            default:
                throw KratosException.BadRequest($"Credentials type {type} cannot be deleted.");
        }
    }

    private async Task ReplaceAsync(HttpContext http)
    {
        var body = await JsonBody.ReadAsync(http.Request);
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw KratosException.BadRequest("Unable to decode JSON payload: the body must be an object.");
        }

        if (UpdateBody.Mismatch(body) is { } mismatch)
        {
            throw KratosException.BadRequest($"Unable to decode JSON payload: {mismatch}");
        }

        var before = Find(http);
        var now = time.GetUtcNow();
        // Hashed before the store is locked: it takes long.
        var imported = Import(before, Member(body, "credentials"), now).PasswordHash;
        var after = identities.Update(before.Id, current =>
        {
            var updated = current with
            {
                Schema = Text(body, "schema_id") is { Length: > 0 } schema ? SchemaOf(schema) : current.Schema,
                State = StateOf(Text(body, "state"), current.State),
                Traits = Member(body, "traits") ?? KratosJson.Parse("{}"),
                MetadataPublic = Member(body, "metadata_public"),
                MetadataAdmin = Member(body, "metadata_admin"),
                ExternalId = Text(body, "external_id"),
                UpdatedAt = now,
            };
            updated = updated with { StateChangedAt = updated.State == current.State ? current.StateChangedAt : now };
            updated = imported is null || imported == before.PasswordHash ? updated : updated.WithPassword(imported, now);
            return Validated(updated).WithTraits(updated.Traits, now);
        });
        await KratosJson.WriteAsync(http, 200, after.ToAdminJson(configuration.PublicAddress, withCredentials: true, []));
    }

    private async Task PatchAsync(HttpContext http)
    {
        var id = Find(http).Id;
        var patch = JsonPatch.Read(await RequestBody.ReadAsync(http.Request));

        var now = time.GetUtcNow();
        var after = identities.Update(id, current => Patched(current, patch, now));
        await KratosJson.WriteAsync(http, 200, after.ToAdminJson(configuration.PublicAddress, withCredentials: true, []));
    }

    private Identity Patched(Identity current, JsonElement patch, DateTimeOffset now)
    {
        var document = current.ToAdminJson(configuration.PublicAddress, withCredentials: false, []);
        JsonPatch.Apply(document, patch, CheckPath);
        var patched = KratosJson.ToElement(document);
        if (PatchedIdentity.Mismatch(patched) is { } mismatch)
        {
            throw JsonPatch.Refused(mismatch);
        }

        var state = Text(patched, "state");
        if (state != current.State && state is not (Identity.Active or Identity.Inactive))
        {
            throw KratosException.BadRequestMessage(
                "identity state is not valid",
                $"The supplied state ('{state}') was not valid. Valid states are ('{Identity.Active}', '{Identity.Inactive}').");
        }

        var updated = current with
        {
            Schema = SchemaOf(Text(patched, "schema_id")),
            State = state,
            StateChangedAt = state == current.State ? current.StateChangedAt : now,
            Traits = Member(patched, "traits") ?? KratosJson.Parse("{}"),
            VerifiableAddresses = Merged(current.VerifiableAddresses, VerifiableAddressesOf(Member(patched, "verifiable_addresses"), now)),
            MetadataPublic = Member(patched, "metadata_public"),
            MetadataAdmin = Member(patched, "metadata_admin"),
            ExternalId = Text(patched, "external_id"),
            UpdatedAt = now,
        };
        return Validated(updated).WithTraits(updated.Traits, now);
    }

    private Task DeleteAsync(HttpContext http)
    {
        var identity = Find(http);
        if (!identities.Delete(identity.Id))
        {
            throw KratosException.NoRows();
        }

        sessions.Delete(identity.Id);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static void CheckPath(string path)
    {
        if (DeniedPaths.Contains(path.ToLowerInvariant()))
        {
            throw JsonPatch.Refused($"patch includes denied path: {path}");
        }

        if (!PatchedMembers.Contains(path.Split('/')[1]))
        {
            throw KratosException.NotInEmulator($"A patch of {path}");
        }
    }

    private static HashSet<string> Disclosed(HttpRequest request) =>
    [
        .. GoValues.OfQuery(request).All("include_credential").Select(type => CredentialTypes.Contains(type)
            ? type
            : throw KratosException.BadRequest($"Invalid value `{type}` for parameter `include_credential`.")),
    ];

    /// <summary>What Go puts into a json.RawMessage, which takes null for a value.</summary>
    private static JsonElement? RawMember(JsonElement body, string name) => body.ValueKind != JsonValueKind.Object
        ? null
        : body.EnumerateObject().Where(member => GoJson.IsNamed(member.Name, name)).Select(member => (JsonElement?)member.Value).LastOrDefault();

    private static JsonElement? Member(JsonElement body, string name) => GoJson.Member(body, name);

    private static string Text(JsonElement body, string name) => Member(body, name) switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        { } value => throw KratosException.BadRequestMessage(GoJson.Mismatch(value, "string", name)),
    };

    private static string StateOf(string text, string fallback) => text switch
    {
        "" => fallback,
        Identity.Active or Identity.Inactive => text,
        _ => throw KratosException.BadRequest("identity state is not valid"),
    };

    private static IEnumerable<JsonElement> Items(JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];

    private static ImmutableArray<VerifiableAddress> VerifiableAddressesOf(JsonElement? list, DateTimeOffset now) =>
    [
        .. Items(list).Select(item =>
        {
            var verified = Member(item, "verified") is { ValueKind: JsonValueKind.True };
            var status = Text(item, "status") is { Length: > 0 } given ? given : verified ? VerifiableAddress.Completed : VerifiableAddress.Pending;
            return new VerifiableAddress(
                Guid.NewGuid(), IdentityTraits.Normalise(Text(item, "value")), "email", verified, status, verified ? now : null, now, now);
        }),
    ];

    private static ImmutableArray<RecoveryAddress> RecoveryAddressesOf(JsonElement? list, DateTimeOffset now) =>
        [.. Items(list).Select(item => new RecoveryAddress(Guid.NewGuid(), IdentityTraits.Normalise(Text(item, "value")), "email", now))];

    /// <summary>The addresses as they were, but for what the patch says of them.</summary>
    private static ImmutableArray<VerifiableAddress> Merged(ImmutableArray<VerifiableAddress> before, ImmutableArray<VerifiableAddress> after) =>
    [
        .. before.Select(address => after.FirstOrDefault(other => other.Value == address.Value) is { } other
            && (other.Verified != address.Verified || other.Status != address.Status)
            ? address with { Verified = other.Verified, Status = other.Status, VerifiedAt = other.VerifiedAt, UpdatedAt = other.UpdatedAt }
            : address),
    ];

    private static Identity Validated(Identity identity)
    {
        if (identity.Schema.Validate(identity.Traits) is { } violation)
        {
            throw KratosException.BadRequest(violation.ToString());
        }

        var refusal = PostgresText.Refusal(identity.ExternalId, ExternalIdLimit)
            ?? new[] { identity.Traits, identity.MetadataPublic, identity.MetadataAdmin }
                .Select(json => json is { } stored ? PostgresText.Refusal(stored) : null).FirstOrDefault(said => said is not null);
        return refusal is null ? identity : throw new KratosException(500, refusal);
    }

    private IdentitySchema SchemaOf(string id) => id.Length == 0
        ? configuration.DefaultSchema
        : configuration.FindSchema(id) ?? throw KratosException.BadRequest($"Unable to find JSON Schema ID: {id}");

    /// <summary>Takes over credentials that an administrator gives.</summary>
    private static Identity Import(Identity identity, JsonElement? credentials, DateTimeOffset now)
    {
        if (credentials is not { } given)
        {
            return identity;
        }

        foreach (var type in given.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null && member.Name != Credential.Password))
        {
            throw type.Name is "oidc" or "saml"
                ? KratosException.NotInEmulator($"The import of credentials of type '{type.Name}'")
                : KratosException.BadRequestMessage($"json: unknown field \"{type.Name}\"");
        }

        if (Member(given, Credential.Password) is not { } password)
        {
            return identity;
        }

        var config = Member(password, "config") ?? KratosJson.Parse("{}");
        if (Text(config, "password") is not { Length: > 0 } plain)
        {
            throw Text(config, "hashed_password").Length > 0 || Member(config, "use_password_migration_hook") is { ValueKind: JsonValueKind.True }
                ? KratosException.NotInEmulator("The import of a hashed password")
                : KratosException.BadRequest("The imported password does not match any known hash format. For more information see https://www.ory.sh/dr/2");
        }

        try
        {
            return identity.WithPassword(PasswordVault.Hash(plain), now);
        }
        catch (FormException error)
        {
            // Kratos has no form to show this in here, and calls it its own fault.
            throw new KratosException(
                500, $"I[#/password] S[] the password does not fulfill the password policy because: {error.Messages[0].Message.Text}");
        }
    }

    private Identity Find(HttpContext http) =>
        GoUuid.TryParse((string)http.Request.RouteValues["id"]!, out var id) && identities.Find(id) is { } identity ? identity : throw KratosException.NoRows();
}
