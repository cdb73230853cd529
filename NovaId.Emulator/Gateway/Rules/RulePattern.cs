using System.Text;
using System.Text.RegularExpressions;

namespace NovaId.Emulator.Gateway.Rules;

/// <summary>
/// The URL of a rule: the text between &lt; and &gt; is a regular expression in a group of its own, the rest is literal, and the whole
/// is anchored. Its expressions are those of regexp2, which are .NET's but for the classes that count ASCII only.
/// </summary>
internal sealed class RulePattern
{
    /// <summary>Oathkeeper gives a match no more time than this; what takes longer is an error, never a match.</summary>
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(250);

    private readonly Regex _regex;
    private readonly string _longestLiteral;

    private RulePattern(string expression, Regex regex, string longestLiteral)
    {
        Expression = expression;
        _regex = regex;
        _longestLiteral = longestLiteral;
    }

    /// <summary>The whole as one regular expression.</summary>
    public string Expression { get; }

    /// <exception cref="ArgumentException">The pattern is malformed; the message says how.</exception>
    public static RulePattern Parse(string url)
    {
        var expression = new StringBuilder("^");
        var longest = "";
        var literalStart = 0;
        var level = 0;
        var groupStart = 0;
        for (var i = 0; i < url.Length; i++)
        {
            if (url[i] == '<' && ++level == 1)
            {
                AddLiteral(url[literalStart..i]);
                groupStart = i + 1;
            }
            else if (url[i] == '>' && --level <= 0)
            {
                if (level < 0)
                {
                    throw new ArgumentException("has a > without its <.");
                }

                var group = Translate(url[groupStart..i]);
                // Each group must be an expression by itself, so that none reaches beyond its own brackets.
                _ = new Regex(group, RegexOptions.CultureInvariant, MatchTimeout);
                expression.Append('(').Append(group).Append(')');
                literalStart = i + 1;
            }
        }

        if (level != 0)
        {
            throw new ArgumentException("has a < without its >.");
        }

        AddLiteral(url[literalStart..]);
        expression.Append('$');
        var text = expression.ToString();
        return new RulePattern(text, new Regex(text, RegexOptions.CultureInvariant, MatchTimeout), longest);

        void AddLiteral(string literal)
        {
            expression.Append(Regex.Escape(literal));
            longest = literal.Length > longest.Length ? literal : longest;
        }
    }

    /// <exception cref="RegexMatchTimeoutException">The match took too long.</exception>
    public bool IsMatch(string text) =>
        // Every literal stands in every match, and looking for one is far cheaper than asking the expression.
        text.Contains(_longestLiteral, StringComparison.Ordinal) && _regex.IsMatch(text);

    /// <summary>What the groups caught, from the first; a group that took no part is empty.</summary>
    public IReadOnlyList<string> CaptureGroups(string text) => [.. _regex.Match(text).Groups.Values.Skip(1).Select(group => group.Value)];

    private static string Translate(string group)
    {
        var result = new StringBuilder(group.Length);
        var inClass = false;
        for (var i = 0; i < group.Length; i++)
        {
            var c = group[i];
            if (c == '\\' && i + 1 < group.Length)
            {
                i++;
                result.Append(TranslateEscape(group[i], inClass));
                continue;
            }

            if (c == '[' && !inClass)
            {
                inClass = true;
            }
            else if (c == '[' && i + 1 < group.Length && group[i + 1] == ':')
            {
                throw new ArgumentException("uses a named class such as [:alpha:], which the emulator does not know. Write the characters out.");
            }
            else if (c == ']' && inClass && group[i - 1] != '[' && !group.AsSpan(0, i).EndsWith("[^"))
            {
                inClass = false;
            }
            else if (c == '(' && group.AsSpan(i).StartsWith("(?P<"))
            {
                result.Append("(?<");
                i += 3;
                continue;
            }

            result.Append(c);
        }

        return result.ToString();
    }

    /// <summary>In .NET these classes hold the characters of all scripts, in regexp2 (as Oathkeeper uses it) ASCII alone.</summary>
    private static string TranslateEscape(char escape, bool inClass) => (escape, inClass) switch
    {
        ('d', true) => "0-9",
        ('d', false) => "[0-9]",
        ('D', false) => "[^0-9]",
        ('w', true) => "0-9A-Za-z_",
        ('w', false) => "[0-9A-Za-z_]",
        ('W', false) => "[^0-9A-Za-z_]",
        ('s', true) => @"\t\n\f\r ",
        ('s', false) => @"[\t\n\f\r ]",
        ('S', false) => @"[^\t\n\f\r ]",
        ('D' or 'W' or 'S' or 'b' or 'B' or 'p' or 'P', _) =>
            throw new ArgumentException($@"uses \{escape}, which counts characters differently here than in Oathkeeper. Write the characters out."),
        _ => $@"\{escape}",
    };
}
