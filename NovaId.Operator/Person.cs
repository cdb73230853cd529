using System.Text.Json.Nodes;

namespace NovaId.Operator;

/// <summary>A person as Kratos knows them (<see href="https://www.ory.com/docs/kratos/manage-identities/overview"/>).</summary>
/// <param name="Id">The id of the identity.</param>
/// <param name="Email">The e-mail address.</param>
/// <param name="IsActive">Whether the person can log in and is let in.</param>
public sealed record Person(string Id, string Email, bool IsActive)
{
    private JsonNode? _metadata;

    /// <summary>Whether the operator left a mark when it made this person; nobody else can write one.</summary>
    /// <param name="mark">The mark.</param>
    /// <returns>Whether it is there.</returns>
    public bool IsMarked(string mark) => _metadata?[mark] is JsonValue value && value.TryGetValue<bool>(out var isMarked) && isMarked;

    internal static Person Parse(JsonNode identity) =>
        new(identity["id"]!.GetValue<string>(), identity["traits"]?["email"]?.GetValue<string>() ?? "", identity["state"]?.GetValue<string>() == "active")
        {
            _metadata = identity["metadata_admin"],
        };
}
