using System.Text.Json;

namespace NovaId.Emulator.Hydra;

/// <summary>What Hydra's own APIs have in common.</summary>
internal static class Api
{
    /// <summary>Maps one route; an <see cref="OAuth2Exception"/> becomes Hydra's error.</summary>
    public static void MapApi(this IEndpointRouteBuilder endpoints, string method, string pattern, Func<HttpContext, Task> handler) =>
        endpoints.MapMethods(
            pattern,
            method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [method],
            (RequestDelegate)(async http =>
            {
                try
                {
                    await handler(http);
                }
                catch (OAuth2Exception exception)
                {
                    await http.WriteErrorAsync(exception.Error);
                }
            }));

    /// <summary>Maps a route that Hydra has and nothing here uses.</summary>
    public static void MapNotImplemented(this IEndpointRouteBuilder endpoints, string method, string pattern) =>
        endpoints.MapApi(
            method,
            pattern,
            http => throw OAuth2Error.NotImplemented($"{http.Request.Method} {http.Request.Path}").AsException());

    /// <summary>The JSON object of the body, read by a function that may complain of it.</summary>
    /// <exception cref="OAuth2Exception">It is not what it should be.</exception>
    public static async Task<T> ReadBodyAsync<T>(this HttpContext http, Func<JsonReader, T> read, Func<string, OAuth2Error> refuse)
    {
        try
        {
            return read(await JsonReader.ReadAsync(http.Request));
        }
        catch (JsonException exception)
        {
            throw refuse(exception.Message).AsException();
        }
    }
}
