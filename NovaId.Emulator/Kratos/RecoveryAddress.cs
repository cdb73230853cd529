using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>An address through which its owner gets back into the account.</summary>
internal sealed record RecoveryAddress(Guid Id, string Value, string Via, DateTimeOffset CreatedAt)
{
    public JsonObject ToJson() => new()
    {
        ["id"] = Id.ToString(),
        ["value"] = Value,
        ["via"] = Via,
        ["created_at"] = KratosJson.Time(CreatedAt),
        ["updated_at"] = KratosJson.Time(CreatedAt),
    };
}
