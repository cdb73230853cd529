using System.Globalization;

namespace NovaId.Emulator.Go;

/// <summary>Base64 for addresses (RFC 4648, section 5) as Go's encoding/base64 writes and reads it.</summary>
internal static class GoBase64
{
    private const int Quantum = 4;
    private const char Padding = '=';

    /// <summary>URLEncoding: with padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = System.Buffers.Text.Base64Url.EncodeToString(bytes);
        return text.PadRight((text.Length + Quantum - 1) / Quantum * Quantum, Padding);
    }

    /// <summary>What Go says to a text that it cannot decode; null where it can.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isPadded">Whether it is read by URLEncoding, and not by RawURLEncoding.</param>
    public static string? Problem(string text, bool isPadded)
    {
        var at = 0;
        while (at < text.Length)
        {
            for (var digit = 0; digit < Quantum; digit++)
            {
                if (at == text.Length)
                {
                    if (digit == 0 || (digit > 1 && !isPadded))
                    {
                        return null;
                    }

                    return Corrupt(at - digit);
                }

                var character = text[at++];
                if (char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
                {
                    continue;
                }

                if (character is '\r' or '\n')
                {
                    digit--;
                    continue;
                }

                if (!isPadded || character != Padding || digit < 2)
                {
                    return Corrupt(at - 1);
                }

                if (digit == 2)
                {
                    at = SkipLineBreaks(text, at);
                    if (at == text.Length || text[at] != Padding)
                    {
                        return Corrupt(at == text.Length ? at : at - 1);
                    }

                    at++;
                }

                at = SkipLineBreaks(text, at);
                return at < text.Length ? Corrupt(at) : null;
            }
        }

        return null;
    }

    private static int SkipLineBreaks(string text, int at)
    {
        while (at < text.Length && text[at] is ('\r' or '\n'))
        {
            at++;
        }

        return at;
    }

    private static string Corrupt(int at) => string.Create(CultureInfo.InvariantCulture, $"illegal base64 data at input byte {at}");
}
