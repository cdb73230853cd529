namespace NovaId.Api.Http;

/// <summary>Characters as people and JSON Schema count them: Unicode scalar values, of which UTF-16 may take two units each.</summary>
internal static class Characters
{
    public static bool HasAtMost(this string text, int characters) =>
        text.Length <= characters || (text.Length <= 2 * characters && text.EnumerateRunes().Count() <= characters);
}
