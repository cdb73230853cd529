using System.Text.Json;
using NovaId.Emulator.Gateway.Templates;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>What an introspection endpoint says about a token.</summary>
internal sealed record Introspection(
    bool Active,
    string Subject,
    string Username,
    string ClientId,
    string Scope,
    string Issuer,
    string TokenUse,
    long Expires,
    IReadOnlyList<string> Audience,
    Dictionary<string, object?> Extension)
{
    /// <exception cref="JsonException">A member is not of the type that it must be.</exception>
    public static Introspection Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("The introspection is no object.");
        }

        return new Introspection(
            Member(root, "active", JsonValueKind.True, JsonValueKind.False) is { ValueKind: JsonValueKind.True },
            Text(root, "sub"),
            Text(root, "username"),
            Text(root, "client_id"),
            Text(root, "scope"),
            Text(root, "iss"),
            Text(root, "token_use"),
            Member(root, "exp", JsonValueKind.Number) is { } expires ? Whole(expires) : 0,
            Member(root, "aud", JsonValueKind.String, JsonValueKind.Array) switch
            {
                null => [],
                { ValueKind: JsonValueKind.String } one => [one.GetString()!],
                { } many => [.. many.EnumerateArray().Select(AudienceOf)],
            },
            Member(root, "ext", JsonValueKind.Object) is { } extension ? GoValue.MapFromJson(extension) : []);
    }

    /// <summary>What templates find under .Extra.</summary>
    public Dictionary<string, object?> ToExtra()
    {
        var extra = new Dictionary<string, object?>(Extension)
        {
            ["username"] = Username,
            ["client_id"] = ClientId,
            ["scope"] = Scope,
        };
        if (Audience.Count > 0)
        {
            extra["aud"] = Audience;
        }

        return extra;
    }

    private static string AudienceOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Unexpected("aud");

    private static string Text(JsonElement root, string name) => Member(root, name, JsonValueKind.String)?.GetString() ?? "";

    private static JsonElement? Member(JsonElement root, string name, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (!root.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return kinds.Contains(member.ValueKind) ? member : throw Unexpected(name);
    }

    private static long Whole(JsonElement number) => number.TryGetInt64(out var value) ? value : throw Unexpected("exp");

    private static JsonException Unexpected(string name) => new($"The member '{name}' of the introspection is of an unexpected type.");
}
