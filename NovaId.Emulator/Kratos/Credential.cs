using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>One way in which an identity signs in.</summary>
internal sealed record Credential(string Type, ImmutableArray<string> Identifiers, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public const string Password = "password";
    public const string Code = "code";
    public const string Totp = "totp";
    public const string Lookup = "lookup_secret";
    public const string Passkey = "passkey";

    /// <summary>The hash of the password; null without one, or for another type.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The address of the key that an authenticator app shares (Key Uri Format); null for another type.</summary>
    public string? TotpUrl { get; init; }

    public ImmutableArray<LookupSecret> LookupSecrets { get; init; } = [];

    public ImmutableArray<Passkey> Passkeys { get; init; } = [];

    /// <summary>The name under which an authenticator keeps the latest passkey: 64 characters; null for another type.</summary>
    public string? UserHandle { get; init; }

    public bool SameAs(Credential other) =>
        Type == other.Type && PasswordHash == other.PasswordHash && Identifiers.Order().SequenceEqual(other.Identifiers.Order());

    public JsonObject ToJson(bool withConfig)
    {
        var json = new JsonObject
        {
            ["type"] = Type,
            ["identifiers"] = new JsonArray([.. Identifiers.Select(identifier => (JsonNode)identifier)]),
        };
        if (withConfig)
        {
            json["config"] = ConfigToJson();
        }

        json["version"] = Type is Code or Passkey ? 1 : 0;
        json["created_at"] = KratosJson.Time(CreatedAt);
        json["updated_at"] = KratosJson.Time(UpdatedAt);
        return json;
    }

    private JsonObject ConfigToJson() => Type switch
    {
        Code => new JsonObject
        {
            ["addresses"] = new JsonArray([.. Identifiers.Select(address => new JsonObject { ["channel"] = "email", ["address"] = address })]),
        },
        Totp => new JsonObject { ["totp_url"] = TotpUrl },
        Lookup => new JsonObject { ["recovery_codes"] = new JsonArray([.. LookupSecrets.Select(secret => secret.ToJson())]) },
        Passkey => new JsonObject
        {
            ["credentials"] = new JsonArray([.. Passkeys.Select(passkey => passkey.ToJson())]),
            ["user_handle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(UserHandle ?? "")),
        },
        _ => PasswordHash is null ? [] : new JsonObject { ["hashed_password"] = PasswordHash },
    };
}
