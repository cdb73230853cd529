namespace NovaId.Contract.Drivers;

/// <summary>Someone who sends requests and proves who they are with the same headers each time.</summary>
public sealed class Caller
{
    private readonly ZoneClient _client;
    private readonly (string Name, string Value)[] _headers;

    /// <param name="client">Sends the requests.</param>
    /// <param name="headers">What every request carries.</param>
    public Caller(ZoneClient client, params (string Name, string Value)[] headers)
    {
        _client = client;
        _headers = headers;
    }

    /// <summary>The same caller with one more header.</summary>
    public Caller With(string name, string value) => new(_client, [.. _headers, (name, value)]);

    public Caller WithBearer(string token) => With("Authorization", $"Bearer {token}");

    public Caller WithSessionToken(string token) => With("X-Session-Token", token);

    public Task<Reply> GetAsync(string target) => SendAsync(HttpMethod.Get, target);

    public Task<Reply> PostAsync(string target, object? content = null) => SendAsync(HttpMethod.Post, target, content);

    public Task<Reply> PutAsync(string target, object? content = null) => SendAsync(HttpMethod.Put, target, content);

    public Task<Reply> PatchAsync(string target, object? content = null) => SendAsync(HttpMethod.Patch, target, content);

    public Task<Reply> DeleteAsync(string target, object? content = null) => SendAsync(HttpMethod.Delete, target, content);

    /// <summary>Reads a list of the API to its end, page by page.</summary>
    /// <returns>The ids of its items.</returns>
    public async Task<List<string>> ListAsync(string target, int pageSize = 100)
    {
        var ids = new List<string>();
        for (string? token = null; ;)
        {
            var query = token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}";
            var page = (await GetAsync($"{target}?pageSize={pageSize}{query}")).Expect(200);
            Assert.True(page["items"].GetArrayLength() <= pageSize);
            ids.AddRange(page.Strings("items", "id")!);
            token = page["nextPageToken"].GetString();
            if (token is null)
            {
                return ids;
            }
        }
    }

    public Task<Reply> SendAsync(HttpMethod method, string target, object? content = null, CancellationToken cancellationToken = default) =>
        _client.SendAsync(method, target, _headers, content, cancellationToken);
}
