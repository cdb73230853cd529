using System.Collections.Concurrent;
using System.Diagnostics;

namespace NovaId.AppHost.Drills;

/// <summary>One kind of caller, of whom it is known what must come of the request while everything works.</summary>
/// <param name="Name">Who it is.</param>
/// <param name="Path">What is asked for, at the gateway.</param>
/// <param name="Status">The answer's status while everything works.</param>
/// <param name="Header">What the caller shows: the header's name and value; null for nothing.</param>
internal sealed record DrillCaller(string Name, string Path, int Status, (string Name, string Value)? Header = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether the caller has the right to it.</summary>
    public bool IsAllowed => Status < 400;

    /// <summary>Whether anybody who answers differently from when everything works has at least let nobody in.</summary>
    public bool IsSafe(DrillAnswer answer) => IsAllowed ? answer.Status == Status || answer.Status is null or >= 400 : answer.Status is null or >= 400;

    /// <summary>Asks once.</summary>
    /// <param name="http">The gateway.</param>
    /// <param name="limit">When the caller hangs up.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<DrillAnswer> AskAsync(HttpClient http, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        if (Header is { } header)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        var watch = Stopwatch.StartNew();
        try
        {
            using var response = await http.SendAsync(request, patience.Token);
            return new((int)response.StatusCode, watch.Elapsed);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(null, watch.Elapsed);
        }
    }

    /// <summary>Asks again and again until it is told to stop; what is under way then is not counted.</summary>
    public async Task<IReadOnlyList<DrillAnswer>> AskUntilAsync(HttpClient http, TimeSpan limit, CancellationToken stopped)
    {
        var answers = new ConcurrentQueue<DrillAnswer>();
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                answers.Enqueue(await AskAsync(http, limit, stopped));
                await Task.Delay(Pause, stopped);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return [.. answers];
    }
}

/// <summary>What came of a request.</summary>
/// <param name="Status">The answer's status; null if none came until the caller hung up, or the connection was refused or cut.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record DrillAnswer(int? Status, TimeSpan Duration);
