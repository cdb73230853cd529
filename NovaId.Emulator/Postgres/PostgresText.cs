using NovaId.Emulator.Go;

namespace NovaId.Emulator.Postgres;

/// <summary>What PostgreSQL takes as text, since the real services keep theirs there.</summary>
internal static class PostgresText
{
    /// <summary>Whether a column can hold it, or a query compare with it: UTF-8, and nowhere a NUL.</summary>
    public static bool IsText(string text) => !text.Contains('\0', StringComparison.Ordinal) && GoText.IsUtf8(text);
}
