using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>An error that waits for the error page to fetch it.</summary>
internal sealed record StoredError(Guid Id, JsonObject Error, DateTimeOffset CreatedAt)
{
    /// <summary>The error that Kratos has for whoever writes an error page (<c>?id=stub:500</c>).</summary>
    public static StoredError Example() => new(
        Guid.NewGuid(),
        new JsonObject
        {
            ["code"] = StatusCodes.Status500InternalServerError,
            ["status"] = "Internal Server Error",
            ["reason"] = "This is a stub error.",
            ["message"] = "An internal server error occurred, please contact the system administrator",
        },
        DateTimeOffset.MinValue);

    public JsonObject ToJson() => new()
    {
        ["id"] = Id.ToString(),
        ["error"] = Error.DeepClone(),
        ["created_at"] = KratosJson.Time(CreatedAt),
        ["updated_at"] = KratosJson.Time(CreatedAt),
    };
}
