using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace NovaId.Emulator.Go;

/// <summary>
/// Parameters as Go's url.Values: names are told apart by the letter, each may have several values, and where one is asked for, it is the
/// first.
/// </summary>
internal sealed class GoValues
{
    /// <summary>More than this, and Go reads none at all.</summary>
    private const int MaximumParameters = 10_000;

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    public int Count => _values.Count;

    public IEnumerable<string> Names => _values.Keys;

    /// <summary>The first value; empty where there is none.</summary>
    public string this[string name]
    {
        get => _values.TryGetValue(name, out var values) ? values[0] : "";
        set => _values[name] = [value];
    }

    /// <summary>Go's url.ParseQuery.</summary>
    /// <param name="query">The query, without the question mark.</param>
    /// <param name="problem">
    /// What Go says of what could not be read; null where everything could. A pair with a broken percent escape or a semicolon in it is left
    /// out, and whether that is an error is for the caller to say.
    /// </param>
    public static GoValues Parse(string query, out string? problem)
    {
        var result = new GoValues();
        problem = null;
        if (query.Length == 0)
        {
            return result;
        }

        if (query.AsSpan().Count('&') >= MaximumParameters)
        {
            problem = "number of URL query parameters exceeded limit";
            return result;
        }

        foreach (var pair in query.Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (pair, "") : (pair[..equals], pair[(equals + 1)..]);
            if (pair.Length == 0)
            {
                continue;
            }

            if (pair.Contains(';', StringComparison.Ordinal))
            {
                problem = "invalid semicolon separator in query";
            }
            else if (!GoText.TryQueryUnescape(name, out var readName))
            {
                problem ??= readName;
            }
            else if (!GoText.TryQueryUnescape(value, out var readValue))
            {
                problem ??= readValue;
            }
            else
            {
                result.Add(readName, readValue);
            }
        }

        return result;
    }

    /// <summary>The query of a request, as Go's URL.Query() gives it: what cannot be read is not there.</summary>
    public static GoValues OfQuery(HttpRequest request) => Parse(request.QueryString.Value is { Length: > 0 } text ? text[1..] : "", out _);

    public bool Has(string name) => _values.ContainsKey(name);

    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        value = _values.TryGetValue(name, out var values) ? values[0] : null;
        return value is not null;
    }

    public IReadOnlyList<string> All(string name) => _values.TryGetValue(name, out var values) ? values : [];

    public void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out var values))
        {
            _values[name] = values = [];
        }

        values.Add(value);
    }

    /// <summary>Adds the values of others behind its own.</summary>
    public void Add(GoValues others)
    {
        foreach (var (name, values) in others._values)
        {
            foreach (var value in values)
            {
                Add(name, value);
            }
        }
    }

    public void Remove(string name) => _values.Remove(name);

    /// <summary>Go's Values.Encode: sorted by name.</summary>
    public string Encode()
    {
        var text = new StringBuilder();
        foreach (var (name, values) in _values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            foreach (var value in values)
            {
                text.Append(text.Length == 0 ? "" : "&").Append(GoText.QueryEscape(name)).Append('=').Append(GoText.QueryEscape(value));
            }
        }

        return text.ToString();
    }
}
