using System.Threading.Channels;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;
using NovaId.Api.Http;

namespace NovaId.Api.AccessLog;

/// <summary>
/// Writes rows in batches behind the requests. No row is lost: a full queue makes requests wait, a failing database keeps its batch until
/// it takes it, and shutting down writes what is left.
/// </summary>
internal sealed partial class AccessLogWriter(AccessLogStore store, IOptions<LimitOptions> limits, ILogger<AccessLogWriter> logger) : IHostedService, IDisposable
{
    private const int Capacity = 4096;
    private const int MaximumBatch = 256;

    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a batch is gathered while nobody waits for it: a transaction costs as much as twenty records, so that one for each would be
    /// the dearest part of a request.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan MaximumFlush = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(500);

    private readonly Channel<Item> _queue = Channel.CreateBounded<Item>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    /// <summary>Each of several instances gets its share of the requests, and needs as much longer for a batch as large as one would gather.</summary>
    private readonly TimeSpan _gathering = new(Math.Min(Gathering.Ticks * limits.Value.Instances, LongestGathering.Ticks));

    private readonly SemaphoreSlim _isAwaited = new(0);
    private readonly CancellationTokenSource _givingUp = new();
    private Task _writing = Task.CompletedTask;
    private volatile bool _isBroken;
    private volatile bool _isOpen = !store.IsShared;
    private volatile string? _problem = store.IsShared ? "The access log is not open yet." : null;

    /// <summary>Whether what is written down is no longer what this program wrote. It stays so until somebody has looked.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>Why nothing can be written down, and what to do; null where it can, or was the last time.</summary>
    public string? Problem => _problem;

    /// <summary>Whether a row can be written down soon. Where it cannot, nothing may be decided.</summary>
    public async ValueTask<bool> HasRoomAsync(CancellationToken cancellationToken)
    {
        // Of a log that is shared nobody knows what else has failed: nothing is decided until it is written to again.
        if (_isBroken || (store.IsShared && _problem is not null))
        {
            return false;
        }

        var room = _queue.Writer.WaitToWriteAsync(cancellationToken);
        if (room.IsCompletedSuccessfully)
        {
            return room.Result;
        }

        try
        {
            return await room.AsTask().WaitAsync(MaximumWait, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public ValueTask WriteAsync(AccessLogRow row) => _queue.Writer.WriteAsync(new Item(row, Written: null));

    /// <summary>Returns once every row given before is in the database.</summary>
    /// <exception cref="RefusalException">The database does not take them.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new Item(Row: null, written), cancellationToken);
        _isAwaited.Release();
        try
        {
            await written.Task.WaitAsync(MaximumFlush, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw Refusal.Unavailable("access log", "the access log cannot be written").AsException();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writing = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        try
        {
            if (_isBroken || !_isOpen)
            {
                throw new OperationCanceledException();
            }

            await _writing.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await _givingUp.CancelAsync();
            if (_isOpen)
            {
                LogLost(_queue.Reader.Count);
            }
        }
    }

    public void Dispose()
    {
        _givingUp.Dispose();
        _isAwaited.Dispose();
    }

    private async Task RunAsync()
    {
        await OpenAsync();
        var batch = new List<AccessLogRow>(MaximumBatch);
        var waiting = new List<TaskCompletionSource>();
        while (await _queue.Reader.WaitToReadAsync(_givingUp.Token))
        {
            Take(batch, waiting);
            if (batch.Count < MaximumBatch && waiting.Count == 0)
            {
                await _isAwaited.WaitAsync(_gathering, _givingUp.Token);
                Take(batch, waiting);
            }

            await AppendAsync(batch);
            waiting.ForEach(written => written.SetResult());
            batch.Clear();
            waiting.Clear();
        }
    }

    /// <summary>A log that others write to may be away or not in order for a while; one beside the program is open already.</summary>
    private async Task OpenAsync()
    {
        while (store.IsShared)
        {
            try
            {
                await store.OpenAsync(_givingUp.Token);
                (_isOpen, _problem) = (true, null);
                return;
            }
            catch (Exception e) when (!_givingUp.IsCancellationRequested)
            {
                if (_problem != e.Message)
                {
                    LogNotOpen(e.Message, e.InnerException);
                }

                _problem = e.Message;
                await Task.Delay(PauseAfterFailure, _givingUp.Token);
            }
        }
    }

    private void Take(List<AccessLogRow> batch, List<TaskCompletionSource> waiting)
    {
        while (batch.Count < MaximumBatch && _queue.Reader.TryRead(out var item))
        {
            if (item.Row is not null)
            {
                batch.Add(item.Row);
            }
            else
            {
                waiting.Add(item.Written!);
            }
        }
    }

    private async Task AppendAsync(List<AccessLogRow> batch)
    {
        while (batch.Count > 0)
        {
            try
            {
                await store.AppendAsync(batch, _givingUp.Token);
                _isBroken = false;
                _problem = null;
                return;
            }
            catch (AccessLogBrokenException e)
            {
                _isBroken = true;
                _problem = e.Message;
                LogBroken(batch.Count, e);
                await Task.Delay(PauseAfterFailure, _givingUp.Token);
            }
            catch (Exception e) when (!_givingUp.IsCancellationRequested)
            {
                // Whatever it is, who ended here would let requests be decided that nobody writes down.
                _problem = "The access log cannot be written.";
                LogNotWritten(batch.Count, e);
                await Task.Delay(PauseAfterFailure, _givingUp.Token);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "The access log cannot be written; {Rows} rows wait.")]
    private partial void LogNotWritten(int rows, Exception failure);

    [LoggerMessage(2, LogLevel.Critical, "The access log could not be written in time; {Rows} rows and those of one batch are lost.")]
    private partial void LogLost(int rows);

    [LoggerMessage(3, LogLevel.Critical, "The access log was changed by somebody else; {Rows} rows wait, and nothing is decided any more.")]
    private partial void LogBroken(int rows, Exception failure);

    [LoggerMessage(4, LogLevel.Critical, "The access log is not open, and nothing is decided until it is. {Problem}")]
    private partial void LogNotOpen(string problem, Exception? cause);

    private sealed record Item(AccessLogRow? Row, TaskCompletionSource? Written);
}
