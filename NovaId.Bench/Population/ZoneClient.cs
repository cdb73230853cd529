using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace NovaId.Bench.Population;

/// <summary>Single requests to a gateway, for what is set up before anything is measured: no redirect is followed and no cookie kept.</summary>
internal sealed class ZoneClient(Uri gateway) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        BaseAddress = gateway,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public Uri Gateway => gateway;

    /// <exception cref="BenchException">The answer has another status.</exception>
    public async Task<ZoneReply> SendAsync(
        HttpMethod method,
        string target,
        int expected,
        JsonNode? json = null,
        IEnumerable<KeyValuePair<string, string>>? form = null,
        string? authorization = null,
        string? sessionToken = null,
        string? cookies = null,
        CancellationToken cancellationToken = default)
    {
        var reply = await AttemptAsync(method, target, json, form, authorization, sessionToken, cookies, cancellationToken);
        return reply.Status == expected
            ? reply
            : throw new BenchException($"{method} {target.Split('?')[0]} answered {reply.Status} instead of {expected}. {reply.Text}");
    }

    /// <summary>Opens a page as a browser does and expects to be sent on.</summary>
    public async Task<ZoneReply> SendRedirectedAsync(string target, string cookies, CancellationToken cancellationToken)
    {
        var reply = await AttemptAsync(HttpMethod.Get, target, json: null, form: null, null, null, cookies, cancellationToken);
        return reply.Status is 302 or 303
            ? reply
            : throw new BenchException($"GET {target.Split('?')[0]} answered {reply.Status} instead of a redirect. {reply.Text}");
    }

    public void Dispose() => _http.Dispose();

    private async Task<ZoneReply> AttemptAsync(
        HttpMethod method,
        string target,
        JsonNode? json,
        IEnumerable<KeyValuePair<string, string>>? form,
        string? authorization,
        string? sessionToken,
        string? cookies,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, target);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        Add("Authorization", authorization);
        Add("X-Session-Token", sessionToken);
        Add("Cookie", cookies);
        request.Content = json is not null
            ? new StringContent(json.ToJsonString(), Encoding.UTF8, "application/json")
            : form is null ? null : new FormUrlEncodedContent(form);
        using var response = await _http.SendAsync(request, cancellationToken);
        return new ZoneReply(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(cancellationToken),
            response.Headers.Location,
            response.Headers.TryGetValues("Set-Cookie", out var set) ? [.. set] : []);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }
}
