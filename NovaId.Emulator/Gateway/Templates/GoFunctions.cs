using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Templates;

/// <summary>
/// The functions of templates: those that Go has built in, those of Oathkeeper (print, printIndex) and two of sprig (default, toJson).
/// </summary>
internal static class GoFunctions
{
    /// <summary>The functions by name, each with the fewest and the most arguments that it takes.</summary>
    public static readonly IReadOnlyDictionary<string, (int Minimum, int Maximum, Func<IReadOnlyList<object?>, object?> Call)> All =
        new Dictionary<string, (int, int, Func<IReadOnlyList<object?>, object?>)>
        {
            ["print"] = (1, 1, arguments => arguments[0] is null ? "" : GoValue.Format(arguments[0])),
            ["printIndex"] = (2, 2, arguments => PrintIndex(arguments[0], arguments[1])),
            ["index"] = (1, int.MaxValue, Index),
            ["toJson"] = (1, 1, arguments => GoValue.ToJson(arguments[0])),
            ["default"] = (1, 2, arguments => arguments.Count > 1 && GoValue.IsTrue(arguments[1]) ? arguments[1] : arguments[0]),
            ["eq"] = (2, int.MaxValue, arguments => arguments.Skip(1).Any(argument => AreEqual(arguments[0], argument))),
            ["ne"] = (2, 2, arguments => !AreEqual(arguments[0], arguments[1])),
            ["not"] = (1, 1, arguments => !GoValue.IsTrue(arguments[0])),
            // These two evaluate their arguments one by one (see GoTemplate), and stand here for their names and counts.
            ["and"] = (1, int.MaxValue, arguments => arguments.FirstOrDefault(argument => !GoValue.IsTrue(argument), arguments[^1])),
            ["or"] = (1, int.MaxValue, arguments => arguments.FirstOrDefault(GoValue.IsTrue, arguments[^1])),
        };

    private static string PrintIndex(object? list, object? index)
    {
        if (index is not long at)
        {
            throw new TemplateException("printIndex: the index must be a whole number");
        }

        if (at < 0)
        {
            throw new TemplateException("printIndex: the index is negative");
        }

        return list switch
        {
            IReadOnlyList<string> texts => at < texts.Count ? texts[(int)at] : "",
            IReadOnlyList<object?> values => at < values.Count ? GoValue.Format(values[(int)at]) : "",
            _ => "",
        };
    }

    private static object? Index(IReadOnlyList<object?> arguments)
    {
        var item = arguments[0] ?? throw new TemplateException("index of untyped nil");
        foreach (var index in arguments.Skip(1))
        {
            item = (item, index) switch
            {
                (IReadOnlyList<string> list, long at) => At(list, at),
                (IReadOnlyList<object?> list, long at) => At(list, at),
                (Dictionary<string, object?> map, string key) => map.GetValueOrDefault(key),
                (HeaderMap headers, string key) => headers.Values(key),
                (null, _) => throw new TemplateException("index of nil pointer"),
                _ => throw new TemplateException("index: the value cannot be indexed with that"),
            };
        }

        return item;
    }

    private static T At<T>(IReadOnlyList<T> list, long at) =>
        at >= 0 && at < list.Count ? list[(int)at] : throw new TemplateException($"index: {at} is out of range");

    private static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (string a, string b) => a == b,
        (bool a, bool b) => a == b,
        (long a, long b) => a == b,
        (double a, double b) => a.Equals(b),
        (string or bool or long or double, string or bool or long or double) =>
            throw new TemplateException("incompatible types for comparison"),
        (RequestUrl a, RequestUrl b) => ReferenceEquals(a, b),
        _ => throw new TemplateException("non-comparable types"),
    };
}
