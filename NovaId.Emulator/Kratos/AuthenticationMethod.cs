using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>One way in which the holder of a session has proved who they are.</summary>
internal sealed record AuthenticationMethod(string Method, string Aal, DateTimeOffset CompletedAt)
{
    public JsonObject ToJson() => new() { ["method"] = Method, ["aal"] = Aal, ["completed_at"] = KratosJson.Time(CompletedAt) };
}
