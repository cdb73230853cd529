using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace NovaId.Emulator.Go;

/// <summary>The parameters of a request as Go's net/http reads them. They are read once, and every reader gets the same.</summary>
internal sealed class GoForm
{
    private const int MaximumForm = 10 * 1024 * 1024;

    private static readonly object Item = new();

    private GoForm(GoValues post, GoValues all, bool isWhole, bool isReadable)
    {
        Post = post;
        All = all;
        IsWhole = isWhole;
        IsReadable = isReadable;
    }

    /// <summary>The parameters of the body (Go's PostForm).</summary>
    public GoValues Post { get; }

    /// <summary>The parameters of the body, then those of the query (Go's Form).</summary>
    public GoValues All { get; }

    /// <summary>
    /// Whether nothing was left out: otherwise Go's ParseForm gives an error. ParseMultipartForm, which most of Hydra calls, does not, unless
    /// the body is multipart.
    /// </summary>
    public bool IsWhole { get; }

    /// <summary>Whether Go's ParseMultipartForm gives no error but the one that it is no multipart form.</summary>
    public bool IsReadable { get; }

    public static async Task<GoForm> ReadAsync(HttpRequest request)
    {
        var items = request.HttpContext.Items;
        if (items.TryGetValue(Item, out var read))
        {
            return (GoForm)read!;
        }

        var (post, isWhole) = await ReadUrlEncodedAsync(request);
        var all = new GoValues();
        all.Add(post);
        var query = GoValues.Parse(request.QueryString.Value is { Length: > 0 } text ? text[1..] : "", out var queryIsWhole);
        all.Add(query);
        isWhole &= queryIsWhole;
        var isReadable = true;
        if (MediaTypeOf(request) == "multipart/form-data")
        {
            var fields = await ReadMultipartAsync(request);
            isReadable = fields is not null && isWhole;
            post.Add(fields ?? new GoValues());
            all.Add(fields ?? new GoValues());
        }

        var form = new GoForm(post, all, isWhole, isReadable);
        items[Item] = form;
        return form;
    }

    /// <summary>The media type of the body without its parameters; empty where it has none that can be read.</summary>
    public static string MediaTypeOf(HttpRequest request) =>
        (request.Headers.ContentType is [{ } first, ..] ? first : "").Split(';')[0].Trim().ToLowerInvariant();

    private static async Task<(GoValues Values, bool IsWhole)> ReadUrlEncodedAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) && !HttpMethods.IsPut(request.Method) && !HttpMethods.IsPatch(request.Method))
        {
            return (new GoValues(), true);
        }

        if (MediaTypeOf(request) != "application/x-www-form-urlencoded")
        {
            return (new GoValues(), true);
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaximumForm)
            {
                return (new GoValues(), false);
            }
        }

        return (GoValues.Parse(GoText.Decode(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)), out var isWhole), isWhole);
    }

    /// <summary>The fields; null where the body is not what its type says. Files are not looked at.</summary>
    private static async Task<GoValues?> ReadMultipartAsync(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            return null;
        }

        var values = new GoValues();
        var cancelled = request.HttpContext.RequestAborted;
        try
        {
            var reader = new MultipartReader(boundary, request.Body) { BodyLengthLimit = MaximumForm };
            while (await reader.ReadNextSectionAsync(cancelled) is { } section)
            {
                using var buffer = new MemoryStream();
                await section.Body.CopyToAsync(buffer, cancelled);
                if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                    && disposition.IsFormDisposition()
                    && HeaderUtilities.RemoveQuotes(disposition.Name).Value is { Length: > 0 } name)
                {
                    values.Add(name, GoText.Decode(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
                }
            }

            return values;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException && !cancelled.IsCancellationRequested)
        {
            return null;
        }
    }
}
