using System.Text.RegularExpressions;

namespace NovaId.Emulator.Mail;

/// <summary>
/// A search in Mailpit's language, <see href="https://mailpit.axllent.org/docs/usage/search-filters/"/>: words and quoted phrases that must
/// all be there, filters such as <c>to:</c> and <c>is:unread</c>, and a minus or an exclamation mark before what must not.
/// </summary>
internal sealed partial class MailSearch
{
    private readonly List<Func<MailMessage, bool>> _conditions = [];

    private MailSearch()
    {
    }

    /// <exception cref="FormatException">The mailbox does not have one of the filters.</exception>
    public static MailSearch Parse(string query)
    {
        var search = new MailSearch();
        foreach (Match match in Argument().Matches(query))
        {
            var word = match.Value.Replace("\"", "", StringComparison.Ordinal).Trim();
            if (Clean(word).Length == 0)
            {
                continue;
            }

            var excluded = word.Length > 1 && word[0] is '-' or '!';
            if (Condition(excluded ? word[1..] : word) is { } condition)
            {
                search._conditions.Add(excluded ? mail => !condition(mail) : condition);
            }
        }

        return search;
    }

    public bool Matches(MailMessage mail) => _conditions.All(condition => condition(mail));

    private static Func<MailMessage, bool>? Condition(string word)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        var filter = colon < 0 ? "" : word[..colon].ToLowerInvariant();
        var value = Clean(word[(colon + 1)..]);
        switch (filter)
        {
            case "to":
                return About(mail => mail.To);
            case "from":
                return About(mail => [mail.From]);
            case "cc" or "bcc" or "reply-to":
                return About(_ => []);
            case "addressed":
                return About(mail => [mail.From, .. mail.To]);
            case "subject":
                return value.Length == 0 ? null : mail => Contains(mail.Subject, value);
            case "message-id":
                return value.Length == 0 ? null : mail => Contains(mail.MessageId, value);
            case "tag":
                return value.Length == 0 ? null : _ => false;
            case "is" when value is "read" or "unread" or "tagged":
                return mail => value switch
                {
                    "read" => mail.Read,
                    "unread" => !mail.Read,
                    _ => false,
                };
            case "has" when value is "inline" or "inlines" or "attachment" or "attachments":
                return _ => false;
            case "after" or "before" or "larger" or "smaller":
                throw new FormatException($"Error: the zone's own mailbox does not search by \"{filter}:\".");
            default:
                var text = Clean(word);
                return mail => Contains(Clean(string.Join(' ', Whole(mail))), text);
        }

        Func<MailMessage, bool>? About(Func<MailMessage, IEnumerable<MailAddress>> people) => value.Length == 0
            ? null
            : mail => people(mail).Any(person => Contains(person.Name, value) || Contains(person.Address, value));
    }

    private static IEnumerable<string> Whole(MailMessage mail) =>
        [.. mail.To.Prepend(mail.From).SelectMany(person => new[] { person.Name, person.Address }), mail.Subject, mail.Text];

    private static bool Contains(string text, string value) => text.Contains(value, StringComparison.OrdinalIgnoreCase);

    private static string Clean(string text) => Separators().Replace(text, " ").Trim().ToLowerInvariant();

    /// <summary>A word, with every quoted phrase in it.</summary>
    [GeneratedRegex("""(?:[^ "]|"[^"]*(?:"|$))+""")]
    private static partial Regex Argument();

    [GeneratedRegex("""[\s<>",;()]+""")]
    private static partial Regex Separators();
}
