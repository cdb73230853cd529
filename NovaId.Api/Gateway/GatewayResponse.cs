using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NovaId.Api.Gateway;

/// <summary>An answer, read whole and within bounds.</summary>
internal sealed class GatewayResponse
{
    /// <summary>The longest answer about one thing that is read: many are read at the same time.</summary>
    public const int MaximumLength = 64 * 1024;

    /// <summary>The longest list that is read. A page of a hundred identities is far below it.</summary>
    public const int MaximumListLength = 1024 * 1024;

    private readonly GatewayService _service;
    private readonly byte[] _body;
    private readonly string? _mediaType;

    private GatewayResponse(GatewayService service, HttpStatusCode status, byte[] body, string? mediaType, string? link)
    {
        _service = service;
        Status = status;
        _body = body;
        _mediaType = mediaType;
        Link = link;
    }

    public HttpStatusCode Status { get; }

    /// <summary>The <c>Link</c> header, in which Kratos and Hydra say where the next page is.</summary>
    public string? Link { get; }

    public static async Task<GatewayResponse> ReceiveAsync(
        GatewayService service,
        HttpResponseMessage message,
        CancellationToken cancellationToken,
        int maximumLength = MaximumLength)
    {
        if (message.Content.Headers.ContentLength > maximumLength)
        {
            throw TooLong(service, maximumLength);
        }

        var body = await ReadAsync(service, message.Content, maximumLength, cancellationToken);
        var link = message.Headers.TryGetValues("Link", out var links) ? string.Join(',', links) : null;
        return new GatewayResponse(service, message.StatusCode, body, message.Content.Headers.ContentType?.MediaType, link);
    }

    /// <summary>The body as JSON of the given shape.</summary>
    /// <exception cref="GatewayUnavailableException">The answer is anything else.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        if (!string.Equals(_mediaType, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw new GatewayUnavailableException(_service, $"answered {(int)Status} with content that is not JSON.");
        }

        try
        {
            return JsonSerializer.Deserialize(_body, type) ?? throw new GatewayUnavailableException(_service, "answered with null.");
        }
        catch (JsonException e)
        {
            throw new GatewayUnavailableException(_service, $"answered with JSON of another shape, at {e.Path}.", e);
        }
    }

    /// <summary>The body as a JSON array of the given shape, with nothing missing in it.</summary>
    /// <exception cref="GatewayUnavailableException">The answer is anything else.</exception>
    public T[] ReadList<T>(JsonTypeInfo<T[]> type)
        where T : class
    {
        var list = Read(type);
        return list.Contains(null) ? throw new GatewayUnavailableException(_service, "answered with a list that has a hole.") : list;
    }

    /// <summary>The failure that this answer is, where it is none of those expected.</summary>
    public GatewayUnavailableException Unexpected() => IsOfGatewayItself()
        ? new(GatewayService.Hydra, "tells the gateway nothing about the API's service token.")
        : new(_service, $"answered {(int)Status}.");

    /// <summary>
    /// Whether the gateway never asked the service: it answers 500 itself where it cannot introspect the service token. Its errors have these
    /// three members and these words; those of the services have a reason besides, or words of their own.
    /// </summary>
    private bool IsOfGatewayItself()
    {
        if (Status != HttpStatusCode.InternalServerError)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(_body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object
                && error.EnumerateObject().All(member => member.Name is "code" or "status" or "message")
                && error.TryGetProperty("message", out var message)
                && message.ValueKind == JsonValueKind.String
                && message.GetString()!.StartsWith("An internal server error occurred", StringComparison.Ordinal);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The body, which is nearly always as long as was said, and then goes straight to where it stays.</summary>
    private static async Task<byte[]> ReadAsync(GatewayService service, HttpContent content, int maximumLength, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        if (content.Headers.ContentLength is { } length)
        {
            var whole = new byte[length];
            await stream.ReadExactlyAsync(whole, cancellationToken);
            return whole;
        }

        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + count > maximumLength)
            {
                throw TooLong(service, maximumLength);
            }

            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }

    private static GatewayUnavailableException TooLong(GatewayService service, int maximumLength) =>
        new(service, $"answered with more than {maximumLength} bytes.");
}
