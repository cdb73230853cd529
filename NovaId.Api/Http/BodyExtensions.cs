using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace NovaId.Api.Http;

/// <summary>Bodies: how long they may be, and reading them ahead of the handler.</summary>
internal static class BodyExtensions
{
    /// <summary>The body, which the handler can still read afterwards: bodies are small enough to stay in memory.</summary>
    public static async Task<T> PeekBodyAsync<T>(this HttpContext http)
        where T : class
    {
        if (!http.Request.HasJsonContentType())
        {
            throw Refusal.OfStatus(HttpStatusCode.UnsupportedMediaType).AsException();
        }

        var maximum = BodyLimit.Of(http);
        http.Request.EnableBuffering(maximum, maximum);
        var strict = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        try
        {
            var body = await http.Request.ReadFromJsonAsync((JsonTypeInfo<T>)strict.GetTypeInfo(typeof(T)), http.RequestAborted);
            return body ?? throw Refusal.BadRequest("The body must not be null.").AsException();
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("The body is not the JSON that is expected.", StatusCodes.Status400BadRequest, e);
        }
        finally
        {
            http.Request.Body.Position = 0;
        }
    }

    /// <summary>Takes longer bodies than others do, so that the texts in it may be as long as it says.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="characters">How many characters its texts may have together.</param>
    public static TBuilder WithText<TBuilder>(this TBuilder endpoint, int characters)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(BodyLimit.OfText(characters));
}
