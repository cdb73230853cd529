using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace NovaId.Emulator.Go;

/// <summary>The parameters of a request as Go's net/http reads them. They are read once, and every reader gets the same.</summary>
internal sealed class GoForm
{
    private const int MaximumForm = 10 * 1024 * 1024;

    private static readonly object Item = new();

    private GoForm(GoValues post, GoValues all, string? problem, bool isReadable)
    {
        Post = post;
        All = all;
        Problem = problem;
        IsReadable = isReadable;
    }

    /// <summary>The parameters of the body (Go's PostForm).</summary>
    public GoValues Post { get; }

    /// <summary>The parameters of the body, then those of the query (Go's Form).</summary>
    public GoValues All { get; }

    /// <summary>
    /// The error of Go's ParseForm; null where nothing was left out. ParseMultipartForm, which most of Hydra calls, gives none, unless the body
    /// is multipart.
    /// </summary>
    public string? Problem { get; }

    /// <summary>Whether Go's ParseMultipartForm gives no error but the one that it is no multipart form.</summary>
    public bool IsReadable { get; }

    public static async Task<GoForm> ReadAsync(HttpRequest request)
    {
        var items = request.HttpContext.Items;
        if (items.TryGetValue(Item, out var read))
        {
            return (GoForm)read!;
        }

        var (post, problem) = await ReadUrlEncodedAsync(request);
        var all = new GoValues();
        all.Add(post);
        var query = GoValues.Parse(request.QueryString.Value is { Length: > 0 } text ? text[1..] : "", out var ofQuery);
        all.Add(query);
        problem ??= ofQuery;
        var isReadable = true;
        if (MediaTypeOf(request) == "multipart/form-data")
        {
            var fields = await ReadMultipartAsync(request);
            isReadable = fields is not null && problem is null;
            post.Add(fields ?? new GoValues());
            all.Add(fields ?? new GoValues());
        }

        var form = new GoForm(post, all, problem, isReadable);
        items[Item] = form;
        return form;
    }

    /// <summary>The media type of the body without its parameters; empty where it has none that can be read.</summary>
    public static string MediaTypeOf(HttpRequest request) =>
        (request.Headers.ContentType is [{ } first, ..] ? first : "").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>Whether the type of the body has a parameter that is none, or one twice, so that Go's mime.ParseMediaType gives an error.</summary>
    public static bool HasMalformedParameter(HttpRequest request)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return (request.Headers.ContentType is [{ } first, ..] ? first : "").Split(';')[1..]
            .Select(parameter => parameter.Trim())
            .Any(parameter => parameter.Length > 0 && (parameter.IndexOf('=', StringComparison.Ordinal) < 1 || !names.Add(parameter.Split('=')[0])));
    }

    private static async Task<(GoValues Values, string? Problem)> ReadUrlEncodedAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) && !HttpMethods.IsPut(request.Method) && !HttpMethods.IsPatch(request.Method))
        {
            return (new GoValues(), null);
        }

        if (MediaTypeOf(request) != "application/x-www-form-urlencoded")
        {
            return (new GoValues(), null);
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaximumForm)
            {
                return (new GoValues(), "http: POST too large");
            }
        }

        return (GoValues.Parse(GoText.Decode(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)), out var problem), problem);
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
