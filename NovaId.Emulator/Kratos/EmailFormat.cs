using System.Text;

namespace NovaId.Emulator.Kratos;

/// <summary>
/// The format <c>email</c> of Kratos' schemas: lengths in bytes, a host name behind the last @, and an address that Go's net/mail parses.
/// </summary>
internal static class EmailFormat
{
    private const int MaxLength = 254;
    private const int MaxLocalLength = 64;
    private const int MaxHostLength = 253;
    private const int MaxLabelLength = 63;

    public static bool IsValid(string text)
    {
        var at = text.LastIndexOf('@');
        return at >= 0
            && Encoding.UTF8.GetByteCount(text) <= MaxLength
            && Encoding.UTF8.GetByteCount(text.AsSpan(0, at)) <= MaxLocalLength
            && IsHostname(text[(at + 1)..])

            // A dot at the end belongs to a host name, and not to an address.
            && text[^1] != '.'
            && IsLocalPart(text[..at].TrimStart(' ', '\t'));
    }

    private static bool IsHostname(string host)
    {
        host = host.EndsWith('.') ? host[..^1] : host;

        // Only the very first character may be no hyphen; the end of each label may not either.
        return host.Length <= MaxHostLength
            && !host.StartsWith('-')
            && host.Split('.').All(label => label.Length is > 0 and <= MaxLabelLength
                && label[^1] != '-'
                && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
    }

    private static bool IsLocalPart(string local) =>
        local.StartsWith('"') ? IsQuoted(local) : local.Length > 0
            && local.All(IsAtomText)
            && local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal);

    private static bool IsQuoted(string local)
    {
        var escaped = false;
        for (var i = 1; i < local.Length; i++)
        {
            var c = local[i];
            if (escaped)
            {
                if (!IsVisible(c) && c is not (' ' or '\t'))
                {
                    return false;
                }

                escaped = false;
            }
            else if (c == '"')
            {
                // What is quoted is not nothing, and is all there is.
                return i == local.Length - 1 && i > 1;
            }
            else if (c == '\\')
            {
                escaped = true;
            }
            else if (!IsVisible(c) && c is not (' ' or '\t'))
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsAtomText(char c) => IsVisible(c) && c is not ('(' or ')' or '<' or '>' or '[' or ']' or ':' or ';' or '@' or '\\' or ',' or '"');

    private static bool IsVisible(char c) => c is >= '!' and not '\x7f';
}
