using System.Buffers;
using System.Globalization;
using System.Text;

namespace NovaId.Demo.Calls;

/// <summary>Reads <c>Server-Timing</c> (W3C, Server Timing, section 2.1): metrics with parameters, each a token or a quoted string.</summary>
internal static class ServerTimingHeader
{
    private const int MostMetrics = 64;

    private static readonly SearchValues<char> EndOfToken = SearchValues.Create(" \t,;=\"");

    /// <summary>The metrics: each with its name and its parameters. What cannot be read ends the list.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Parameters)> Read(string? value)
    {
        var metrics = new List<(string, IReadOnlyDictionary<string, string>)>();
        var reader = new Reader(value ?? "");
        while (metrics.Count < MostMetrics && reader.Token() is { Length: > 0 } name)
        {
            var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (reader.Take(';'))
            {
                var parameter = reader.Token();
                parameters.TryAdd(parameter, reader.Take('=') ? reader.Value() : "");
            }

            metrics.Add((name, parameters));
            if (!reader.Take(','))
            {
                break;
            }
        }

        return metrics;
    }

    /// <summary>A parameter that is a number; zero if it is none.</summary>
    public static double NumberOf(IReadOnlyDictionary<string, string> parameters, string name) =>
        double.TryParse(parameters.GetValueOrDefault(name), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private ref struct Reader(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public bool Take(char expected)
        {
            _rest = _rest.TrimStart(" \t");
            if (_rest.IsEmpty || _rest[0] != expected)
            {
                return false;
            }

            _rest = _rest[1..];
            return true;
        }

        public string Token()
        {
            _rest = _rest.TrimStart(" \t");
            var end = _rest.IndexOfAny(EndOfToken);
            var token = end < 0 ? _rest : _rest[..end];
            _rest = _rest[token.Length..];
            return token.ToString();
        }

        public string Value()
        {
            if (!Take('"'))
            {
                return Token();
            }

            var value = new StringBuilder();
            while (!_rest.IsEmpty && _rest[0] != '"')
            {
                if (_rest[0] == '\\' && _rest.Length > 1)
                {
                    _rest = _rest[1..];
                }

                value.Append(_rest[0]);
                _rest = _rest[1..];
            }

            Take('"');
            return value.ToString();
        }
    }
}
