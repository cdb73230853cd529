using System.Text;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace NovaId.Api.Http;

/// <summary>What a body says that it is, as far as JSON may say it (RFC 8259, section 11; RFC 9110, section 8.3).</summary>
internal static class JsonMediaType
{
    public const string Name = "application/json";

    private const string Suffix = "json";
    private const string CharsetParameter = "charset";

    private static readonly StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    /// <summary>The encoding of the body.</summary>
    /// <param name="contentType">The header, as it came.</param>
    /// <exception cref="RefusalException">It is not called JSON, or not in an encoding that anybody knows.</exception>
    public static Encoding EncodingOf(StringValues contentType)
    {
        if (contentType is not [{ Length: > 0 } text]
            || !MediaTypeHeaderValue.TryParse(text, out var type)
            || !IsJson(type))
        {
            throw Refusal.UnsupportedMediaType("Send it with Content-Type: application/json.").AsException();
        }

        var charsets = type.Parameters.Where(parameter => parameter.Name.Equals(CharsetParameter, IgnoreCase)).ToList();
        return charsets switch
        {
            [] => Encoding.UTF8,
            [var charset] when Find(charset.GetUnescapedValue().ToString()) is { } encoding => encoding,
            [_] => throw Refusal.UnsupportedMediaType("Nobody here knows that charset. JSON is sent in UTF-8, and needs no charset.").AsException(),
            _ => throw Refusal.UnsupportedMediaType("The charset is there twice. JSON is sent in UTF-8, and needs no charset.").AsException(),
        };
    }

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(Name, IgnoreCase) || (type.Type.Equals("application", IgnoreCase) && type.Suffix.Equals(Suffix, IgnoreCase));

    private static Encoding? Find(string name)
    {
        // A name that stands nowhere and is used everywhere.
        if (name.Equals("utf-8", IgnoreCase) || name.Equals("utf8", IgnoreCase))
        {
            return Encoding.UTF8;
        }

        try
        {
            // What is not in that encoding is a mistake, and no question mark.
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
