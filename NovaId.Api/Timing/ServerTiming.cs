using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NovaId.Api.Timing;

/// <summary>
/// The way that one request took: what was asked of whom, the answer, and how long each step took, for the header <c>Server-Timing</c>
/// (W3C, Server Timing, section 2). It is there in the Development environment only. It holds questions and answers about the caller, and
/// no id, no token and nothing about what the caller may not see.
/// </summary>
internal sealed class ServerTiming
{
    public const string Header = "Server-Timing";

    private const int MaximumText = 160;

    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly List<(StepQuestion Question, StepAnswer Answer, long From, long To)> _steps = [];
    private long _admittedAt;

    /// <summary>Notes a step when its answer is there.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="question">What is asked.</param>
    /// <param name="from">When: a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="step">The step, begun.</param>
    /// <param name="read">What the answer says.</param>
    /// <returns>The same answer.</returns>
    public async Task<T> WatchAsync<T>(StepQuestion question, long from, Task<T> step, Func<T, StepAnswer> read)
    {
        try
        {
            var answer = await step;
            Add(question, from, read(answer));
            return answer;
        }
        catch
        {
            Add(question, from, StepAnswer.None);
            throw;
        }
    }

    /// <summary>Notes a step that was answered at once, or has just been.</summary>
    public void Add(StepQuestion question, long from, StepAnswer answer)
    {
        lock (_lock)
        {
            _steps.Add((question, answer, from, Stopwatch.GetTimestamp()));
        }
    }

    /// <summary>Notes that the request was let through to its endpoint.</summary>
    public void Admit() => _admittedAt = Stopwatch.GetTimestamp();

    /// <summary>The header's value: the steps in the order in which they began, each with when it began (at, in milliseconds), who
    /// answered (by), the answer and what follows of it (result). A reader that does not know these leaves them out.</summary>
    public override string ToString()
    {
        var now = Stopwatch.GetTimestamp();
        var value = new StringBuilder();
        lock (_lock)
        {
            foreach (var (question, answer, from, to) in _steps.OrderBy(step => step.From))
            {
                Write(value, question, answer, from, to);
            }
        }

        if (_admittedAt != 0)
        {
            Write(value, StepQuestion.Work, new StepAnswer("done", null), _admittedAt, now);
        }

        return value.Append(CultureInfo.InvariantCulture, $"total;dur={Milliseconds(_startedAt, now)}").ToString();
    }

    private void Write(StringBuilder value, StepQuestion question, StepAnswer answer, long from, long to)
    {
        value.Append(CultureInfo.InvariantCulture, $"{question.Name};dur={Milliseconds(from, to)};desc=");
        Quote(value, question.Asked);
        value.Append(CultureInfo.InvariantCulture, $";at={Milliseconds(_startedAt, from)};by={question.By};answer=");
        Quote(value, answer.Text);
        if (answer.IsYes is { } isYes)
        {
            value.Append(isYes ? ";result=yes" : ";result=no");
        }

        value.Append(", ");
    }

    /// <summary>A quoted-string (RFC 9110, section 5.6.4).</summary>
    private static void Quote(StringBuilder value, string text)
    {
        value.Append('"');
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MaximumText)))
        {
            if (character is '"' or '\\')
            {
                value.Append('\\');
            }

            value.Append(character is >= ' ' and <= '~' ? character : '?');
        }

        value.Append('"');
    }

    private static string Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds.ToString("0.##", CultureInfo.InvariantCulture);
}
