using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>A secret that takes the place of a second factor, once.</summary>
internal sealed record LookupSecret(string Code, DateTimeOffset? UsedAt)
{
    public JsonObject ToJson() => new() { ["code"] = Code, ["used_at"] = UsedAt is { } usedAt ? KratosJson.Time(usedAt) : null };
}
