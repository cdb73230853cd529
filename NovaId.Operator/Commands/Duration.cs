using System.CommandLine.Parsing;
using System.Globalization;

namespace NovaId.Operator.Commands;

/// <summary>A length of time as one types it: 90s, 10m.</summary>
internal static class Duration
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static TimeSpan Parse(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            var duration = text[^1] switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                _ => default,
            };
            if (duration > TimeSpan.Zero && duration <= Longest)
            {
                return duration;
            }
        }

        result.AddError($"--timeout is '{text}'. Write a time such as 90s or 10m, a day at the most.");
        return default;
    }
}
