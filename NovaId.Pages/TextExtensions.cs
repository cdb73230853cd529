using System.Globalization;

namespace NovaId.Pages;

/// <summary>Texts with something of the moment in them.</summary>
public static class TextExtensions
{
    /// <summary>Puts values in the places <c>{0}</c>, <c>{1}</c> and so on of a text, each as the person writes it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="values">The values.</param>
    /// <returns>The whole.</returns>
    public static string Fill(this string text, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
