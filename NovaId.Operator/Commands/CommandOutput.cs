using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaId.Operator.Commands;

/// <summary>What a command says: a text for people, or one JSON document for scripts. Failures go to the error output.</summary>
/// <param name="isJson">Whether it is JSON.</param>
/// <param name="output">The standard output.</param>
/// <param name="errors">The error output.</param>
internal sealed class CommandOutput(bool isJson, TextWriter output, TextWriter errors)
{
    // It stands in no web page.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task WriteAsync(JsonNode document, string text) => output.WriteLineAsync(isJson ? document.ToJsonString(Readable) : text);

    public Task WriteErrorAsync(string message, int exitCode) =>
        errors.WriteLineAsync(isJson ? new JsonObject { ["error"] = message, ["exitCode"] = exitCode }.ToJsonString(Readable) : message);

    /// <summary>Says what is waited for, to people alone.</summary>
    public Task WriteProgressAsync(string text) => isJson ? Task.CompletedTask : errors.WriteLineAsync(text);
}
