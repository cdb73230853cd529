using System.Net.Http.Json;
using System.Net.Security;

namespace NovaId.Contract.Drivers;

/// <summary>Sends single requests to one address. It follows no redirect, keeps no cookie and leaves a target as it is written.</summary>
public sealed class ZoneClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Pace? _pace;

    /// <param name="address">The address.</param>
    /// <param name="pace">How fast the zone answers at the moment; null where nobody measures that.</param>
    /// <param name="certificate">What is asked about the server's certificate; null where it is one that this machine trusts, or there is none.</param>
    public ZoneClient(Uri address, Pace? pace = null, RemoteCertificateValidationCallback? certificate = null)
    {
        Address = address;
        _pace = pace;
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, SslOptions = { RemoteCertificateValidationCallback = certificate } }) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri Address { get; }

    /// <summary>How long it waits before it reads the access log: what another instance of the API has just decided is there a moment later.</summary>
    public TimeSpan AccessLogDelay { get; init; }

    /// <summary>Sees every answer, with what it was an answer to.</summary>
    public Action<HttpRequestMessage, Reply>? Observer { get; set; }

    /// <param name="method">The method.</param>
    /// <param name="target">Path and query, sent byte for byte.</param>
    /// <param name="headers">The request's headers.</param>
    /// <param name="content">Content as it is, or anything else to be sent as JSON.</param>
    /// <param name="cancellationToken">Hangs up.</param>
    public async Task<Reply> SendAsync(
        HttpMethod method,
        string target,
        IEnumerable<(string Name, string Value)> headers,
        object? content = null,
        CancellationToken cancellationToken = default)
    {
        if (AccessLogDelay > TimeSpan.Zero && target.StartsWith("/api/logs", StringComparison.Ordinal))
        {
            await Task.Delay(AccessLogDelay, cancellationToken);
        }

        // Paths such as /a/../b are part of what is tested, so nothing may tidy them on the way.
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri(Address.GetLeftPart(UriPartial.Authority) + target, asWritten);
        using var request = new HttpRequestMessage(method, uri);
        request.Content = content switch
        {
            null => null,
            HttpContent ready => ready,
            _ => JsonContent.Create(content),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var sent = DateTimeOffset.UtcNow;
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var reply = await Reply.ReadAsync(response, sent, _pace);
            Observer?.Invoke(request, reply);
            return reply;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _pace?.SkipIfTooSlow(sent, $"{method} {target.Split('?')[0]} without an answer in {_http.Timeout.TotalSeconds:0} s");
            throw;
        }
    }

    public void Dispose() => _http.Dispose();
}
