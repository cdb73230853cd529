using System.Text;

namespace NovaId.Emulator.Gateway.Requests;

/// <summary>
/// Text whose every character stands for one byte, as Go's strings are. A path is kept so between decoding and encoding, because
/// bytes that are no UTF-8 must arrive at the upstream unchanged.
/// </summary>
internal static class ByteString
{
    public static string Encode(string text) => Ascii(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    public static string Decode(string bytes) => Ascii(bytes) ? bytes : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));

    private static bool Ascii(string text) => System.Text.Ascii.IsValid(text);
}
