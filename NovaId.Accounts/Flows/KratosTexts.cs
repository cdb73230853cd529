using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NovaId.Accounts.Flows;

/// <summary>Kratos' texts in our words, where <c>Texts.resx</c> has any (<c>Kratos_</c> and the number); else as Kratos says them.</summary>
internal static partial class KratosTexts
{
    public static string Of(UiText? text)
    {
        if (text is null)
        {
            return "";
        }

        var ours = Texts.ResourceManager.GetString(string.Create(CultureInfo.InvariantCulture, $"Kratos_{text.Id}"), CultureInfo.CurrentUICulture);
        return ours is null ? text.Text ?? "" : Placeholder().Replace(ours, match => Fill(text.Context, match.Groups[1].Value) ?? match.Value);
    }

    /// <summary>A name for a group of inputs that has none of its own here: a method that was switched on later.</summary>
    public static string GroupTitle(string group) =>
        Texts.ResourceManager.GetString($"Group_{group}_Title", CultureInfo.CurrentUICulture)
            ?? CultureInfo.CurrentCulture.TextInfo.ToTitleCase(group.Replace('_', ' '));

    public static string? GroupText(string group) => Texts.ResourceManager.GetString($"Group_{group}_Text", CultureInfo.CurrentUICulture);

    private static string? Fill(JsonElement context, string name) =>
        context.ValueKind == JsonValueKind.Object && context.TryGetProperty(name, out var value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
            : null;

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Placeholder();
}
