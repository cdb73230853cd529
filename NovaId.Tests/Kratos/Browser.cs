using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace NovaId.Tests.Kratos;

/// <summary>Keeps cookies and follows no redirect, so that a test sees each.</summary>
public sealed class Browser(HttpMessageInvoker client)
{
    public Dictionary<string, string> Cookies { get; } = [];

    public string CsrfCookie => Cookies.Keys.Single(name => name.StartsWith("csrf_token_", StringComparison.Ordinal));

    /// <summary>The cookies as the last response set them.</summary>
    public IReadOnlyList<string> SetCookies { get; private set; } = [];

    public Task<HttpResponseMessage> GetAsync(string path, bool script = false) => SendAsync(HttpMethod.Get, path, null, script);

    public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form) =>
        SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(form), script: false);

    public Task<HttpResponseMessage> PostScriptAsync(string path, object body) => SendAsync(HttpMethod.Post, path, JsonContent.Create(body), script: true);

    /// <summary>Starts a flow as a script does, and gives it.</summary>
    public async Task<JsonElement> StartAsync(string flow, string query = "")
    {
        using var response = await GetAsync($"/self-service/{flow}/browser{query}", script: true);
        Assert.Equal(200, (int)response.StatusCode);
        return await response.JsonAsync();
    }

    /// <summary>Signs in as a page does.</summary>
    public async Task<HttpResponseMessage> LoginAsync(string email, string password = KratosZone.Password, string query = "")
    {
        var flow = await StartAsync("login", query);
        return await PostAsync($"/self-service/login?flow={flow.Text("id")}", new()
        {
            ["method"] = "password",
            ["identifier"] = email,
            ["password"] = password,
            ["csrf_token"] = CsrfToken(flow),
        });
    }

    public static string CsrfToken(JsonElement flow) => flow.Input("csrf_token").At("attributes").Text("value");

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, bool script)
    {
        // The gateway strips its own prefix before Kratos sees the path.
        path = path.Replace(KratosZone.PublicAddress, "/", StringComparison.Ordinal);
        var request = new HttpRequestMessage(method, new Uri(new Uri("http://kratos:4433"), path)) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(script ? "application/json" : "text/html"));
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        SetCookies = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];
        foreach (var cookie in SetCookies)
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            if (cookie.Contains("max-age=0", StringComparison.OrdinalIgnoreCase))
            {
                Cookies.Remove(pair[0]);
            }
            else
            {
                Cookies[pair[0]] = pair[1];
            }
        }

        return response;
    }
}
