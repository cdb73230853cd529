using System.Net;
using NovaId.Tests.Audit;

namespace NovaId.Tests.Storage;

/// <summary>
/// What divides requests among instances of the API, one after the other: only those that say they are ready get one, and one that asks for a
/// new connection is about to end.
/// </summary>
internal sealed class RoundRobin : IAsyncDisposable
{
    private static readonly TimeSpan PauseBetweenQuestions = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<ApiProcess> _ready = [];
    private readonly List<ApiProcess> _instances = [];
    private readonly Task _asking;
    private int _next;

    public RoundRobin() => _asking = Task.Run(AskAsync);

    /// <summary>An instance that is ready.</summary>
    public void Add(ApiProcess instance)
    {
        lock (_lock)
        {
            _instances.Add(instance);
            _ready.Add(instance);
        }
    }

    /// <summary>Sends a request to the next instance.</summary>
    /// <exception cref="HttpRequestException">It did not answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var instance = Next();
        request.RequestUri = new Uri(instance.Http.BaseAddress!, request.RequestUri!);
        try
        {
            var response = await instance.Http.SendAsync(request, cancellationToken);
            if (response.Headers.ConnectionClose is true)
            {
                Leave(instance);
            }

            return response;
        }
        catch (HttpRequestException)
        {
            Leave(instance);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _asking;
        _stopping.Dispose();
    }

    private ApiProcess Next()
    {
        lock (_lock)
        {
            var ready = _instances.Where(_ready.Contains).ToList();
            return ready.Count > 0 ? ready[_next++ % ready.Count] : throw new HttpRequestException("No instance is ready.");
        }
    }

    private void Leave(ApiProcess instance)
    {
        lock (_lock)
        {
            _ready.Remove(instance);
        }
    }

    private async Task AskAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            List<ApiProcess> ready;
            lock (_lock)
            {
                ready = [.. _ready];
            }

            foreach (var instance in ready)
            {
                try
                {
                    using var health = await instance.Http.GetAsync("/health", _stopping.Token);
                    if (health.StatusCode != HttpStatusCode.OK)
                    {
                        Leave(instance);
                    }
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ObjectDisposedException)
                {
                    Leave(instance);
                }
            }

            await Task.Delay(PauseBetweenQuestions, CancellationToken.None);
        }
    }
}
