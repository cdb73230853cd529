using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>An error that waits for the error page to fetch it.</summary>
internal sealed record StoredError(Guid Id, JsonObject Error, DateTimeOffset CreatedAt)
{
    public JsonObject ToJson() => new()
    {
        ["id"] = Id.ToString(),
        ["error"] = Error.DeepClone(),
        ["created_at"] = KratosJson.Time(CreatedAt),
        ["updated_at"] = KratosJson.Time(CreatedAt),
    };
}
