using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>One way in which an identity signs in.</summary>
internal sealed record Credential(string Type, ImmutableArray<string> Identifiers, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public const string Password = "password";
    public const string Code = "code";

    /// <summary>The hash of the password; null without one, or for another type.</summary>
    public string? PasswordHash { get; init; }

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

        json["version"] = Type == Code ? 1 : 0;
        json["created_at"] = KratosJson.Time(CreatedAt);
        json["updated_at"] = KratosJson.Time(UpdatedAt);
        return json;
    }

    private JsonObject ConfigToJson()
    {
        if (Type == Code)
        {
            var addresses = Identifiers.Select(address => new JsonObject { ["channel"] = "email", ["address"] = address });
            return new JsonObject { ["addresses"] = new JsonArray([.. addresses]) };
        }

        return PasswordHash is null ? [] : new JsonObject { ["hashed_password"] = PasswordHash };
    }
}
