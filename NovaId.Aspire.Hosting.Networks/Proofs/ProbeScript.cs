using System.Globalization;
using System.Net;
using System.Text;

namespace Aspire.Hosting.Networks;

/// <summary>
/// Asks all questions of one place at once, with what a shell of BusyBox brings along, and says then what else listens in that place's
/// network stack.
/// </summary>
internal static class ProbeScript
{
    private const string Mark = "@@probe";
    private const string Sockets = "sockets";

    /// <summary>In seconds. nc, unlike wget, counts what it takes to look up the name, which an engine asks of servers outside.</summary>
    private const int LookupPatience = 5;

    /// <summary>Of the program <c>timeout</c> itself (124) or of what it ended (143 = 128 + SIGTERM).</summary>
    private static readonly int[] TimedOut = [124, 143];

    private static readonly (string Words, Outcome Outcome)[] Failures =
    [
        ("bad address", Outcome.NoSuchName),
        ("refused", Outcome.Refused),
        ("unreachable", Outcome.Unreachable),
        ("no route", Outcome.Unreachable),
        ("timed out", Outcome.TimedOut),
        ("error getting response", Outcome.NothingSaid),
        ("reset by peer", Outcome.NothingSaid),
    ];

    /// <summary>The script for these questions, in their order.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="patience">How long an answer may take, in whole seconds.</param>
    public static string Write(IReadOnlyList<Question> questions, TimeSpan patience)
    {
        var seconds = (int)patience.TotalSeconds;
        var limit = seconds + LookupPatience + 1;
        var script = new StringBuilder($$"""
            cd /tmp
            ask() { timeout {{limit}} wget -q --no-check-certificate -T {{seconds}} -O - "$2" >"$1" 2>&1; echo $? >"$1.code"; }
            say() { printf "$4" | timeout {{limit}} nc -w "$5" "$2" "$3" >"$1" 2>&1; echo $? >"$1.code"; }

            """);
        for (var i = 0; i < questions.Count; i++)
        {
            script.AppendLine(Line(i, questions[i], seconds));
        }

        script.AppendLine(CultureInfo.InvariantCulture, $$"""
            wait
            i=0
            while [ $i -lt {{questions.Count}} ]; do
              echo; echo "{{Mark}} $i $(cat $i.code)"
              head -c 300 $i
              i=$((i+1))
            done
            echo; echo "{{Mark}} {{Sockets}} 0"
            cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
            true
            """);
        return script.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>Reads what the script printed.</summary>
    public static (IReadOnlyList<Reply> Replies, IReadOnlyList<IPEndPoint> Listening) Read(IReadOnlyList<Question> questions, string output)
    {
        var replies = questions.Select(_ => Reply.Unknown).ToArray();
        IReadOnlyList<IPEndPoint> listening = [];
        foreach (var section in output.Split($"\n{Mark} ").Skip(1))
        {
            var end = section.IndexOf('\n', StringComparison.Ordinal);
            var head = (end < 0 ? section : section[..end]).Split(' ');
            var body = end < 0 ? "" : section[(end + 1)..];
            if (head[0] == Sockets)
            {
                listening = SocketTable.Listening(body);
            }
            else if (int.TryParse(head[0], CultureInfo.InvariantCulture, out var index) && index < replies.Length)
            {
                var code = head.Length > 1 && int.TryParse(head[1], CultureInfo.InvariantCulture, out var number) ? number : -1;
                replies[index] = Judge(questions[index].Greeting, code, body);
            }
        }

        return (replies, listening);
    }

    private static Reply Judge(Greeting greeting, int code, string text)
    {
        if (code == 0)
        {
            return Reply.Said(greeting, text);
        }

        if (TimedOut.Contains(code))
        {
            return new(Outcome.TimedOut);
        }

        // Only what the tool itself said of the connection counts, not what it heard.
        var ownWords = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault(line => line.StartsWith("wget: ", StringComparison.Ordinal) || line.StartsWith("nc: ", StringComparison.Ordinal));
        var failure = Failures.FirstOrDefault(failure => ownWords?.Contains(failure.Words, StringComparison.OrdinalIgnoreCase) ?? false);
        if (failure.Words is not null)
        {
            return new(failure.Outcome);
        }

        // nc ends with an error of its own when the other side closes first, although it has heard all.
        return greeting.Path is null && ownWords is null ? Reply.Said(greeting, text) : Reply.Other(text);
    }

    private static string Line(int index, Question question, int seconds)
    {
        var (address, port, greeting) = question;
        return greeting.Path is { } path
            ? FormattableString.Invariant($"ask {index} '{new UriBuilder(greeting.IsOverTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, address, port).Uri.GetLeftPart(UriPartial.Authority)}{path}' &")
            : FormattableString.Invariant($"say {index} {address} {port} '{Octal(greeting.Sent)}' {(IPAddress.TryParse(address, out _) ? seconds : seconds + LookupPatience)} &");
    }

    private static string Octal(string bytes) =>
        string.Concat(bytes.Select(character => $"\\{Convert.ToString(character, 8).PadLeft(3, '0')}"));
}
