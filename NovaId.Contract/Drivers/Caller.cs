namespace NovaId.Contract.Drivers;

/// <summary>Someone who sends requests and proves who they are with the same headers each time.</summary>
public sealed class Caller
{
    private readonly ZoneClient _client;
    private readonly (string Name, string Value)[] _headers;

    internal Caller(ZoneClient client, params (string Name, string Value)[] headers)
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

    public Task<Reply> SendAsync(HttpMethod method, string target, object? content = null) =>
        _client.SendAsync(method, target, _headers, content);
}
