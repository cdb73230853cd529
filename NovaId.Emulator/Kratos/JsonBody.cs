using System.Text.Json;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Kratos;

/// <summary>Reads bodies that must be JSON.</summary>
internal static class JsonBody
{
    /// <summary>A body that says it is JSON, and is.</summary>
    public static async Task<JsonElement> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength == 0)
        {
            throw KratosException.BadRequest("Unable to decode HTTP Request Body because its HTTP Header \"Content-Length\" is zero.");
        }

        if (request.ContentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw KratosException.BadRequest(
                $"HTTP {request.Method} Request used unknown HTTP Header \"Content-Type: {request.ContentType}\", only [application/json] are supported.");
        }

        try
        {
            return GoJson.Decode(await RequestBody.ReadAsync(request));
        }
        catch (JsonException exception)
        {
            throw KratosException.BadRequest($"Unable to decode JSON payload: {exception.Message}");
        }
    }

    /// <summary>A body that is JSON, whatever it says.</summary>
    public static async Task<JsonElement> ReadAnyAsync(HttpRequest request)
    {
        try
        {
            return GoJson.Decode(await RequestBody.ReadAsync(request));
        }
        catch (JsonException exception)
        {
            throw KratosException.BadRequestMessage(exception.Message);
        }
    }
}
