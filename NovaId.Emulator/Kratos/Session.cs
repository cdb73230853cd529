using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>A login that lasts.</summary>
internal sealed record Session
{
    public const string Aal1 = "aal1";
    public const string Aal2 = "aal2";

    public required Guid Id { get; init; }

    /// <summary>What proves to be the holder: 32 random characters, which is 190 bits.</summary>
    public required string Token { get; init; }

    public required string LogoutToken { get; init; }

    public required Guid IdentityId { get; init; }

    public bool Active { get; init; } = true;

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset AuthenticatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required ImmutableArray<AuthenticationMethod> AuthenticationMethods { get; init; }

    public required ImmutableArray<Device> Devices { get; init; }

    /// <summary>How strongly its holder proved who they are: at level 2 with factors of both levels.</summary>
    public string AssuranceLevel => AuthenticationMethods.Any(method => method.Aal == Aal1) && AuthenticationMethods.Any(method => method.Aal == Aal2)
        ? Aal2
        : Aal1;

    /// <summary>Whether the session holds at this time, if its identity does.</summary>
    public bool HoldsAt(DateTimeOffset now) => Active && ExpiresAt > now;

    /// <param name="active">Whether the session holds.</param>
    /// <param name="identity">Whose it is; null where it was not asked for.</param>
    /// <param name="devices">The devices; null where they were not asked for.</param>
    public JsonObject ToJson(bool active, JsonObject? identity, JsonArray? devices) => new()
    {
        ["id"] = Id.ToString(),
        ["active"] = active,
        ["expires_at"] = KratosJson.Time(ExpiresAt),
        ["authenticated_at"] = KratosJson.Time(AuthenticatedAt),
        ["authenticator_assurance_level"] = AssuranceLevel,
        ["authentication_methods"] = new JsonArray([.. AuthenticationMethods.Select(method => method.ToJson())]),
        ["issued_at"] = KratosJson.Time(IssuedAt),
        ["identity"] = identity,
        ["devices"] = devices,
    };

    public JsonArray DevicesToJson() => new([.. Devices.Select(device => device.ToJson())]);
}
