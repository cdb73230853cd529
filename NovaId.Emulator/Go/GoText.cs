using System.Globalization;
using System.Text;

namespace NovaId.Emulator.Go;

/// <summary>
/// Text as Go's strings hold it, which are bytes of any kind. Here a byte that is no UTF-8 stands as half a surrogate pair (U+DC80 and
/// above), so that nothing is lost on the way: written anew, it is the same byte.
/// </summary>
internal static class GoText
{
    private const int FirstEscape = 0xDC00;
    private const int AsciiLimit = 0x80;
    private const int ByteLimit = 0x100;

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var unreadable in bytes[..length])
                {
                    text.Append((char)(FirstEscape + unreadable));
                }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    public static byte[] Encode(string text)
    {
        if (IsUtf8(text))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var bytes = new List<byte>(text.Length);
        Span<byte> buffer = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (IsEscape(text, i))
            {
                bytes.Add((byte)(text[i] - FirstEscape));
            }
            else if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                bytes.AddRange(buffer[..rune.EncodeToUtf8(buffer)]);
                i += rune.Utf16SequenceLength - 1;
            }
        }

        return [.. bytes];
    }

    /// <summary>The length that Go's len() gives.</summary>
    public static int Length(string text) => IsUtf8(text) ? Encoding.UTF8.GetByteCount(text) : Encode(text).Length;

    /// <summary>Whether there is no byte in it that is no UTF-8.</summary>
    public static bool IsUtf8(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Go's strconv.Quote: what cannot be printed stands as an escape.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        for (var i = 0; i < text.Length; i++)
        {
            if (IsEscape(text, i))
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\x{text[i] - FirstEscape:x2}");
            }
            else if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                i += rune.Utf16SequenceLength - 1;
                quoted.Append(Quote(rune));
            }
        }

        return quoted.Append('"').ToString();
    }

    private static string Quote(Rune rune) => rune.Value switch
    {
        '"' => "\\\"",
        '\\' => @"\\",
        '\a' => @"\a",
        '\b' => @"\b",
        '\f' => @"\f",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        '\v' => @"\v",
        _ when IsPrinted(rune) => rune.ToString(),
        < ' ' or 0x7F => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
        <= char.MaxValue => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
    };

    /// <summary>Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols, and of spaces that of ASCII.</summary>
    private static bool IsPrinted(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    /// <summary>Go's url.QueryEscape.</summary>
    public static string QueryEscape(string text)
    {
        if (IsUtf8(text))
        {
            return Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
        }

        var escaped = new StringBuilder();
        foreach (var value in Encode(text))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
            {
                escaped.Append((char)value);
            }
            else if (value == ' ')
            {
                escaped.Append('+');
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }
        }

        return escaped.ToString();
    }

    /// <summary>Go's url.QueryUnescape: a percent sign without two hexadecimal digits behind it is an error.</summary>
    /// <param name="text">The text.</param>
    /// <param name="result">What it means; where it cannot be read, what Go says to it.</param>
    public static bool TryQueryUnescape(string text, out string result)
    {
        result = text;
        if (text.AsSpan().IndexOfAny('%', '+') < 0)
        {
            return true;
        }

        var source = Encode(text);
        var bytes = new byte[source.Length];
        var length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '%')
            {
                if (i + 2 >= source.Length || !char.IsAsciiHexDigit((char)source[i + 1]) || !char.IsAsciiHexDigit((char)source[i + 2]))
                {
                    result = $"invalid URL escape {Quote(Decode(source.AsSpan(i, Math.Min(3, source.Length - i))))}";
                    return false;
                }

                bytes[length++] = (byte)((Convert.FromHexString($"{(char)source[i + 1]}{(char)source[i + 2]}"))[0]);
                i += 2;
            }
            else
            {
                bytes[length++] = source[i] == '+' ? (byte)' ' : source[i];
            }
        }

        result = Decode(bytes.AsSpan(0, length));
        return true;
    }

    private static bool IsEscape(string text, int at) =>
        text[at] is >= (char)(FirstEscape + AsciiLimit) and < (char)(FirstEscape + ByteLimit)
        && (at == 0 || !char.IsHighSurrogate(text[at - 1]));
}
