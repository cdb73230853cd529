using System.Text.Json.Nodes;
using NovaId.Api.Keys;

namespace NovaId.Operator;

/// <summary>An API key: an OAuth2 client of its own that passes what its owner passes, within bounds.</summary>
/// <param name="Id">The client id, <c>key-{owner}-{16 hexadecimal digits}</c>.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">The scopes that its tokens may have.</param>
/// <param name="Capabilities">The capabilities that it was given.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record ApiKey(string Id, string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Capabilities, DateTimeOffset? CreatedAt)
{
    /// <summary>The scopes that a key can have.</summary>
    public static IReadOnlyList<string> AllScopes { get; } = ["novaid.read", "novaid.write"];

    /// <summary>Whether this is the id of an API key, and of no other client.</summary>
    /// <param name="id">The id.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsId(string id) => ApiKeyId.TryParse(id, out _);

    internal static ApiKey Parse(JsonNode client) => new(
        client["client_id"]!.GetValue<string>(),
        client["client_name"]?.GetValue<string>() ?? "",
        client["scope"]?.GetValue<string>().Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
        client["metadata"]?["capabilities"] is JsonArray capabilities ? [.. capabilities.Select(capability => capability!.GetValue<string>())] : [],
        client["created_at"]?.GetValue<DateTimeOffset>());
}
