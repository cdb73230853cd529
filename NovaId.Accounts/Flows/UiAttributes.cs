using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Accounts.Flows;

/// <summary>What a part of a form is like; which of these count depends on its kind.</summary>
public sealed record UiAttributes
{
    public string? NodeType { get; init; }

    public string? Name { get; init; }

    public string? Type { get; init; }

    public JsonElement Value { get; init; }

    public bool Required { get; init; }

    public bool Disabled { get; init; }

    public string? Autocomplete { get; init; }

    public string? Pattern { get; init; }

    public int? Maxlength { get; init; }

    public UiText? Label { get; init; }

    [JsonPropertyName("onclickTrigger")]
    public string? OnclickTrigger { get; init; }

    [JsonPropertyName("onloadTrigger")]
    public string? OnloadTrigger { get; init; }

    /// <summary>The text of a text.</summary>
    public UiText? Text { get; init; }

    /// <summary>The title of a link.</summary>
    public UiText? Title { get; init; }

    public string? Id { get; init; }

    public string? Src { get; init; }

    public string? Href { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public bool Async { get; init; }

    public string? Integrity { get; init; }

    public string? Crossorigin { get; init; }

    public string? Referrerpolicy { get; init; }

    /// <summary>The value as a form sends it.</summary>
    public string? ValueText => Value.ValueKind switch
    {
        JsonValueKind.String => Value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => Value.TryGetDecimal(out var number) ? number.ToString(CultureInfo.InvariantCulture) : Value.GetRawText(),
        _ => null,
    };
}
