using System.Text.Json;

namespace NovaId.Accounts.Flows;

/// <summary>A text of Kratos with its number, by which it can be said in other words or in another language.</summary>
public sealed record UiText(long Id, string? Text, string? Type, JsonElement Context);
