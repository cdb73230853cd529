using System.Text.Json;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Postgres;

/// <summary>What PostgreSQL takes as text, since the real services keep theirs there.</summary>
internal static class PostgresText
{
    /// <summary>Whether a column can hold it, or a query compare with it: UTF-8, and nowhere a NUL.</summary>
    public static bool IsText(string text) => !text.Contains('\0', StringComparison.Ordinal) && GoText.IsUtf8(text);

    /// <summary>What PostgreSQL says to a text that a column cannot hold; null where it can.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">The most characters that the column takes.</param>
    public static string? Refusal(string text, int limit = int.MaxValue)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return "ERROR: invalid byte sequence for encoding \"UTF8\": 0x00 (SQLSTATE 22021)";
        }

        return text.EnumerateRunes().Count() > limit ? $"ERROR: value too long for type character varying({limit}) (SQLSTATE 22001)" : null;
    }

    /// <summary>What PostgreSQL says to JSON that a column cannot hold; null where it can.</summary>
    public static string? Refusal(JsonElement json) => HasNul(json) ? "ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05)" : null;

    private static bool HasNul(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!.Contains('\0', StringComparison.Ordinal),
        JsonValueKind.Array => element.EnumerateArray().Any(HasNul),
        JsonValueKind.Object => element.EnumerateObject().Any(member => member.Name.Contains('\0', StringComparison.Ordinal) || HasNul(member.Value)),
        _ => false,
    };
}
