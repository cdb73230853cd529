using System.Globalization;

namespace Aspire.Hosting.Networks;

/// <summary>How the table says it.</summary>
internal static class Words
{
    public static string Of(Expectation expectation) => expectation switch
    {
        Expectation.Answers => "answers",
        Expectation.Refuses => "refused",
        Expectation.NoSuchName => "no such name",
        Expectation.Nothing => "nothing answers",
        _ => "not promised",
    };

    public static string Of(Reply reply) => reply.Outcome switch
    {
        Outcome.Answers => "answers",
        Outcome.OtherAnswer => $"another answer: {reply.Text}",
        Outcome.NothingSaid => "accepted, nothing said",
        Outcome.Refused => "refused",
        Outcome.Unreachable => "no way there",
        Outcome.TimedOut => "timed out",
        Outcome.NoSuchName => "no such name",
        _ => "not asked to the end",
    };

    /// <summary>Ports in their order; those of the loopback address alone are marked.</summary>
    public static string Of(IEnumerable<(int Port, bool IsLoopbackOnly)> ports)
    {
        var words = ports
            .GroupBy(port => port.Port, port => port.IsLoopbackOnly)
            .OrderBy(port => port.Key)
            .Select(port => string.Create(CultureInfo.InvariantCulture, $"{port.Key}{(port.All(isLoopbackOnly => isLoopbackOnly) ? " (loopback)" : "")}"));
        var text = string.Join(", ", words);
        return text.Length > 0 ? text : "nothing";
    }
}
