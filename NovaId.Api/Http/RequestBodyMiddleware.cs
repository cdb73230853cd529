using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace NovaId.Api.Http;

/// <summary>
/// Sends away a body that the endpoint cannot read, and hands on every other as JSON in UTF-8 that is not too long, whatever the client
/// called it. It stands behind routing, which knows what the endpoint takes.
/// </summary>
internal sealed class RequestBodyMiddleware(RequestDelegate next)
{
    private const string NoCoding = "identity";
    private const int Ascii = 20127;
    private const int Utf8 = 65001;
    private const int Utf16 = 1200;

    private static readonly Encoding Utf16BigEndian = new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true);

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            Bound(http);
            if (http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null)
            {
                await ReadAsUtf8Async(http.Request);
            }
        }

        await next(http);
    }

    /// <summary>
    /// Sees to it that a client hears why its body is refused: the rest is read and thrown away instead of cutting the connection while the
    /// client still sends.
    /// </summary>
    private static void Bound(HttpContext http)
    {
        var request = http.Request;
        var maximum = BodyLimit.Of(http);
        if (request.ContentLength > maximum)
        {
            throw Refusal.TooLarge(maximum).AsException();
        }

        if (request.ContentLength is null || request.Headers.Expect.Count > 0)
        {
            var bounded = new BoundedBody(request.Body, maximum);
            request.Body = bounded;
            http.Features.Set(bounded);
        }
    }

    private static async Task ReadAsUtf8Async(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 && Codings(request).Any(coding => !coding.Equals(NoCoding, StringComparison.OrdinalIgnoreCase)))
        {
            throw Refusal.UnsupportedCoding(NoCoding).AsException();
        }

        var encoding = JsonMediaType.EncodingOf(request.Headers.ContentType);
        if (encoding.CodePage is not (Utf8 or Ascii))
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
            request.Body = new MemoryStream(ToUtf8(encoding, bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
            request.ContentLength = request.Body.Length;
        }

        // The framework's own words for what it does not know are exceptions that nobody takes for the client's mistake.
        request.ContentType = JsonMediaType.Name;
    }

    private static IEnumerable<string> Codings(HttpRequest request) => request.Headers.ContentEncoding
        .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static byte[] ToUtf8(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        // Either order goes by this one name. JSON begins with a byte order mark, or with a character of ASCII.
        if (encoding.CodePage == Utf16 && bytes is [0xFE, 0xFF, ..] or [0, not 0, ..])
        {
            encoding = Utf16BigEndian;
        }

        try
        {
            return Encoding.UTF8.GetBytes(encoding.GetString(bytes).TrimStart('\uFEFF'));
        }
        catch (DecoderFallbackException)
        {
            throw Refusal.BadRequest($"The body is no text in {encoding.WebName}.").AsException();
        }
    }
}
