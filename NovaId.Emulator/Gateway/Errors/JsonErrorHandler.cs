using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Errors;

/// <summary>Answers a refusal as JSON. Unless it is verbose, the answer says no more than the status does.</summary>
internal sealed class JsonErrorHandler(bool verbose, ErrorConditions conditions) : IErrorHandler
{
    public static readonly string[] Keys = ["verbose", .. ErrorConditions.Keys];

    public static JsonErrorHandler Read(ConfigurationNode configuration) =>
        new(configuration["verbose"].Boolean(false), ErrorConditions.Read(configuration));

    /// <inheritdoc/>
    public bool IsResponsible(GatewayRequest request, GatewayException error) => conditions.Hold(request, error);

    /// <inheritdoc/>
    public async Task WriteAsync(HttpContext http, GatewayRequest request, GatewayException error)
    {
        // The client's own name for the request, if it has one.
        var requestId = request.Header("X-Request-Id");
        var response = http.Response;
        response.StatusCode = error.Status;
        foreach (var (name, value) in error.Headers)
        {
            response.Headers[name] = value;
        }

        response.ContentType = "application/json";
        // Oathkeeper sends the id of the error, and its errors have none.
        response.Headers["Ory-Error-Id"] = "";

        using var buffer = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            writer.WriteNumber("code", error.Status);
            writer.WriteString("status", ReasonPhrases.GetReasonPhrase(error.Status));
            if (requestId.Length > 0)
            {
                writer.WriteString("request", requestId);
            }

            if (verbose && error.Reason is not null)
            {
                writer.WriteString("reason", error.Reason);
            }

            writer.WriteString("message", verbose ? error.Message : Summary(error));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        response.ContentLength = buffer.Length;
        await response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted);
    }

    private static string Summary(GatewayException error) => error.Status switch
    {
        StatusCodes.Status401Unauthorized => "The request could not be authorized",
        StatusCodes.Status403Forbidden => "The requested action was forbidden",
        StatusCodes.Status404NotFound => "The requested resource could not be found",
        StatusCodes.Status500InternalServerError => "An internal server error occurred, please contact the system administrator",
        _ => error.Message,
    };
}
