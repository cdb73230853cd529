using System.Diagnostics;
using System.Net;

namespace NovaId.Bench.Load;

/// <summary>
/// Sends requests over a fixed number of connections: each waits for the answer to one request before it sends the next.
/// </summary>
internal sealed class LoadGenerator : IDisposable
{
    private readonly HttpMessageInvoker[] _connections;

    public LoadGenerator(int connections) =>
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new HttpMessageInvoker(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        }))];

    /// <summary>Keeps the first so many connections busy for so long, and at least for one request each.</summary>
    /// <exception cref="BenchException">An answer has another status than expected, or does not come.</exception>
    public async Task<Slice> RunAsync(Workload workload, int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var samples = await Task.WhenAll(Enumerable.Range(0, connections).Select(connection => Task.Run(
            () => RunAsync(workload, connection, startedAt, duration, cancellationToken),
            cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(startedAt);
        float[] all = [.. samples.SelectMany(sample => sample)];
        Array.Sort(all);
        return new Slice(all, elapsed);
    }

    /// <summary>Sends one request over a connection.</summary>
    /// <returns>How long it took, in milliseconds, from sending it to the end of its answer.</returns>
    /// <exception cref="BenchException">The answer has another status than expected, or does not come.</exception>
    public async Task<float> SendAsync(Workload workload, int connection, CancellationToken cancellationToken)
    {
        using var request = workload.Request(connection);
        var sentAt = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _connections[connection].SendAsync(request, cancellationToken);
            await response.Content.CopyToAsync(Stream.Null, cancellationToken);
            return response.StatusCode == workload.Expected
                ? (float)Stopwatch.GetElapsedTime(sentAt).TotalMilliseconds
                : throw new BenchException(
                    $"{workload.Id}: {request.Method} {request.RequestUri!.AbsolutePath} answered {(int)response.StatusCode} "
                    + $"instead of {(int)workload.Expected}.");
        }
        catch (HttpRequestException e)
        {
            throw new BenchException($"{workload.Id}: {request.Method} {request.RequestUri!.AbsolutePath} got no answer ({e.Message}).", e);
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private async Task<List<float>> RunAsync(
        Workload workload,
        int connection,
        long startedAt,
        TimeSpan duration,
        CancellationToken cancellationToken)
    {
        var samples = new List<float>(1024);
        do
        {
            samples.Add(await SendAsync(workload, connection, cancellationToken));
        }
        while (Stopwatch.GetElapsedTime(startedAt) < duration);

        return samples;
    }
}
