using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NovaId.Pages.Gateway;

/// <summary>What somebody behind the gateway answered.</summary>
public sealed class GatewayAnswer
{
    private readonly HttpResponseHeaders _headers;
    private readonly byte[] _body;

    private GatewayAnswer(HttpStatusCode status, string? mediaType, HttpResponseHeaders headers, byte[] body)
    {
        Status = status;
        MediaType = mediaType;
        _headers = headers;
        _body = body;
    }

    /// <summary>The status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The media type of the body.</summary>
    public string? MediaType { get; }

    /// <summary>Where it redirects to.</summary>
    public Uri? Location => _headers.Location;

    /// <summary>Its <c>Set-Cookie</c> headers.</summary>
    public IReadOnlyList<string> Cookies => _headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];

    /// <summary>Whether the status is one of success.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body as it came.</summary>
    public ReadOnlyMemory<byte> Body => _body;

    /// <summary>A header of the answer.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its value, a list where it came several times (RFC 9110, section 5.3); null if it is not there.</returns>
    public string? HeaderOf(string name) => _headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>Reads the body.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="type">How it is read.</param>
    /// <returns>What it holds.</returns>
    /// <exception cref="ServiceUnavailableException">It holds something else.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(_body, type) ?? throw new ServiceUnavailableException(ZoneService.Gateway);
        }
        catch (JsonException e)
        {
            throw new ServiceUnavailableException(ZoneService.Gateway, e);
        }
    }

    /// <summary>Reads the body of a refusal, as far as it can be read.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="type">How it is read.</param>
    /// <returns>What it holds; null if it is something else.</returns>
    public T? TryRead<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(_body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static async Task<GatewayAnswer> ReceiveAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > limit)
            {
                throw new IOException("The answer is too long.");
            }

            body.Write(buffer, 0, read);
        }

        return new GatewayAnswer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            response.Headers,
            body.ToArray());
    }
}
