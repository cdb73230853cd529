using System.Net;

namespace NovaId.Tests.Hydra;

/// <summary>A browser: it keeps cookies, and shows where it was sent instead of going there.</summary>
internal sealed class Browser(HttpClient http)
{
    private readonly Dictionary<string, string> _cookies = [];

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    public async Task<HttpResponseMessage> GetAsync(string url)
    {
        var address = new Uri(url);
        var request = new HttpRequestMessage(HttpMethod.Get, "http://hydra:4444" + address.PathAndQuery);
        request.Headers.Host = address.Authority;
        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0)
            {
                _cookies.Remove(pair[0]);
            }
            else
            {
                _cookies[pair[0]] = pair[1];
            }
        }

        return response;
    }

    /// <summary>Where the browser is sent.</summary>
    public async Task<Uri> GetLocationAsync(string url)
    {
        var response = await GetAsync(url);
        Assert.True(
            response.StatusCode is HttpStatusCode.Found or HttpStatusCode.SeeOther,
            $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        return response.Headers.Location!;
    }

    public void Forge(string cookie, string value) => _cookies[cookie] = value;
}
