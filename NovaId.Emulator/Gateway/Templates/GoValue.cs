using System.Globalization;
using System.Text;
using System.Text.Json;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Templates;

/// <summary>
/// Go's untyped values and what Go makes of them: null, bool, string, long (int), double (float64, every number of a JSON document),
/// lists and maps.
/// </summary>
internal static class GoValue
{
    /// <summary>A map that was never made: empty like any other, but null in JSON.</summary>
    public static readonly Dictionary<string, object?> NilMap = [];

    public static object? FromJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => element.EnumerateArray().Select(FromJson).ToList(),
        JsonValueKind.Object => MapFromJson(element),
        _ => null,
    };

    /// <summary>A JSON object as a map; of a key that stands twice the last one counts.</summary>
    public static Dictionary<string, object?> MapFromJson(JsonElement element)
    {
        var map = new Dictionary<string, object?>();
        foreach (var property in element.EnumerateObject())
        {
            map[property.Name] = FromJson(property.Value);
        }

        return map;
    }

    /// <summary>Whether a condition holds on a value: everything but the empty value of its type.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool boolean => boolean,
        string text => text.Length > 0,
        long number => number != 0,
        double number => number != 0,
        IReadOnlyCollection<string> list => list.Count > 0,
        IReadOnlyCollection<object?> list => list.Count > 0,
        Dictionary<string, object?> map => map.Count > 0,
        HeaderMap headers => headers.Entries().Any(),
        _ => true,
    };

    /// <summary>A value as the verb %v prints it.</summary>
    public static string Format(object? value) => value switch
    {
        null => "<nil>",
        bool boolean => boolean ? "true" : "false",
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => FormatFloat(number),
        RequestUrl url => url.ToString(),
        IEnumerable<string> list => $"[{string.Join(' ', list)}]",
        IEnumerable<object?> list => $"[{string.Join(' ', list.Select(Format))}]",
        Dictionary<string, object?> map => FormatMap(map),
        HeaderMap headers => FormatMap(headers.Entries()),
        _ => throw new TemplateException($"a value of type {value.GetType().Name} cannot be printed"),
    };

    /// <summary>
    /// A value as JSON with Go's spelling: keys sorted, and the characters that HTML or JavaScript could take for their own escaped.
    /// </summary>
    public static string ToJson(object? value)
    {
        var result = new StringBuilder();
        AppendJson(result, value);
        return result.ToString();
    }

    private static void AppendJson(StringBuilder result, object? value)
    {
        switch (value)
        {
            case null:
                result.Append("null");
                break;
            case bool boolean:
                result.Append(boolean ? "true" : "false");
                break;
            case string text:
                AppendJsonString(result, text);
                break;
            case long number:
                result.Append(number);
                break;
            case double number:
                result.Append(JsonFloat(number));
                break;
            case Dictionary<string, object?> map when ReferenceEquals(map, NilMap):
                result.Append("null");
                break;
            case Dictionary<string, object?> map:
                AppendJsonMap(result, map);
                break;
            case HeaderMap headers:
                AppendJsonMap(result, headers.Entries());
                break;
            case IEnumerable<object?> list:
                AppendJsonList(result, list);
                break;
            default:
                throw new TemplateException($"a value of type {value.GetType().Name} cannot be written as JSON");
        }
    }

    private static void AppendJsonList(StringBuilder result, IEnumerable<object?> list)
    {
        result.Append('[');
        var first = true;
        foreach (var item in list)
        {
            if (!first)
            {
                result.Append(',');
            }

            first = false;
            AppendJson(result, item);
        }

        result.Append(']');
    }

    private static void AppendJsonMap(StringBuilder result, IEnumerable<KeyValuePair<string, object?>> map)
    {
        result.Append('{');
        var first = true;
        foreach (var (key, item) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (!first)
            {
                result.Append(',');
            }

            first = false;
            AppendJsonString(result, key);
            result.Append(':');
            AppendJson(result, item);
        }

        result.Append('}');
    }

    private static void AppendJsonString(StringBuilder result, string text)
    {
        result.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\b' => result.Append("\\b"),
                '\f' => result.Append("\\f"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => result.Append(c),
            };
        }

        result.Append('"');
    }

    private static string FormatMap(IEnumerable<KeyValuePair<string, object?>> map) =>
        $"map[{string.Join(' ', map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}:{Format(entry.Value)}"))}]";

    /// <summary>The shortest digits that read back as the same number, with an exponent from a million on.</summary>
    private static string FormatFloat(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
        }

        var (negative, digits, exponent) = Decompose(number);
        return exponent is < -4 or >= 6 ? Exponential(negative, digits, exponent, minimumExponentDigits: 2) : Positional(negative, digits, exponent);
    }

    private static string JsonFloat(double number)
    {
        if (!double.IsFinite(number))
        {
            throw new TemplateException("a number that is not finite cannot be written as JSON");
        }

        var (negative, digits, exponent) = Decompose(number);
        return number != 0 && (Math.Abs(number) < 1e-6 || Math.Abs(number) >= 1e21)
            ? Exponential(negative, digits, exponent, minimumExponentDigits: exponent < 0 ? 1 : 2)
            : Positional(negative, digits, exponent);
    }

    /// <summary>The significant digits and the power of ten of the first of them.</summary>
    private static (bool Negative, string Digits, int Exponent) Decompose(double number)
    {
        if (number == 0)
        {
            return (double.IsNegative(number), "0", 0);
        }

        var parts = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var leadingZeros = all.Length - all.TrimStart('0').Length;
        var exponent = (point < 0 ? all.Length : point) - 1 - leadingZeros;
        if (parts.Length == 2)
        {
            exponent += int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }

        return (number < 0, all.Trim('0'), exponent);
    }

    private static string Exponential(bool negative, string digits, int exponent, int minimumExponentDigits)
    {
        var fraction = digits.Length > 1 ? "." + digits[1..] : "";
        var power = Math.Abs(exponent).ToString(new string('0', minimumExponentDigits), CultureInfo.InvariantCulture);
        return $"{(negative ? "-" : "")}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{power}";
    }

    private static string Positional(bool negative, string digits, int exponent)
    {
        var text = exponent switch
        {
            < 0 => "0." + new string('0', -exponent - 1) + digits,
            _ when exponent >= digits.Length - 1 => digits.PadRight(exponent + 1, '0'),
            _ => $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}",
        };
        return negative ? "-" + text : text;
    }
}
