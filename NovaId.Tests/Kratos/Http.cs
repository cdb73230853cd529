using System.Net.Http.Json;
using System.Text.Json;

namespace NovaId.Tests.Kratos;

internal static class Http
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    public static Task<HttpResponseMessage> FetchAsync(this HttpClient client, string path, string? token = null) =>
        client.SendAsync(HttpMethod.Get, path, null, token);

    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string path, object body, string? token = null) =>
        client.SendAsync(HttpMethod.Post, path, body, token);

    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, HttpMethod method, string path, object? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        if (token is not null)
        {
            request.Headers.Add("X-Session-Token", token);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static JsonElement At(this JsonElement element, string path) =>
        path.Split('.').Aggregate(element, (current, name) => int.TryParse(name, out var i) ? current[i] : current.GetProperty(name));

    /// <summary>The parts of a form by their names.</summary>
    public static JsonElement Input(this JsonElement flow, string name) =>
        flow.At("ui.nodes").EnumerateArray().First(node => NameOf(node) == name);

    public static string[] Inputs(this JsonElement flow) => [.. flow.At("ui.nodes").EnumerateArray().Select(NameOf)];

    public static IEnumerable<int> MessageIds(this JsonElement element) =>
        element.TryGetProperty("messages", out var messages) ? [.. messages.EnumerateArray().Select(message => message.GetProperty("id").GetInt32())] : [];

    private static string NameOf(JsonElement node)
    {
        var attributes = node.GetProperty("attributes");
        return attributes.TryGetProperty("name", out var name) ? name.GetString()! : attributes.Text("id");
    }

    public static string ErrorId(this JsonElement body) => body.At("error").Text("id");
}
