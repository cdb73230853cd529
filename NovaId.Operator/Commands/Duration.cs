using System.Globalization;

namespace NovaId.Operator.Commands;

/// <summary>A length of time as one types it: 90s, 60m, 2h.</summary>
internal static class Duration
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var seconds = text[^1] switch
        {
            's' => count,
            'm' => count * 60L,
            'h' => count * 3600L,
            _ => 0,
        };
        if (seconds is 0 || seconds > (long)TimeSpan.MaxValue.TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
