using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace NovaId.Api.AccessLog;

/// <summary>
/// Writes rows in batches behind the requests. No row is lost: a full queue makes requests wait, a failing database keeps its batch until
/// it takes it, and shutting down writes what is left.
/// </summary>
internal sealed partial class AccessLogWriter(AccessLogStore store, ILogger<AccessLogWriter> logger) : IHostedService, IDisposable
{
    private const int Capacity = 4096;
    private const int MaximumBatch = 256;

    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a batch is gathered while nobody waits for it: a transaction costs as much as twenty records, so that one for each would be
    /// the dearest part of a request.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(500);

    private readonly Channel<Item> _queue = Channel.CreateBounded<Item>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly SemaphoreSlim _isAwaited = new(0);
    private readonly CancellationTokenSource _givingUp = new();
    private Task _writing = Task.CompletedTask;
    private volatile bool _isBroken;

    /// <summary>Whether what is written down is no longer what this program wrote. It stays so until somebody has looked.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>Whether a row can be written down soon. Where it cannot, nothing may be decided.</summary>
    public async ValueTask<bool> HasRoomAsync(CancellationToken cancellationToken)
    {
        if (_isBroken)
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
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new Item(Row: null, written), cancellationToken);
        _isAwaited.Release();
        await written.Task.WaitAsync(cancellationToken);
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
            if (_isBroken)
            {
                throw new OperationCanceledException();
            }

            await _writing.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await _givingUp.CancelAsync();
            LogLost(_queue.Reader.Count);
        }
    }

    public void Dispose()
    {
        _givingUp.Dispose();
        _isAwaited.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<AccessLogRow>(MaximumBatch);
        var waiting = new List<TaskCompletionSource>();
        while (await _queue.Reader.WaitToReadAsync(_givingUp.Token))
        {
            Take(batch, waiting);
            if (batch.Count < MaximumBatch && waiting.Count == 0)
            {
                await _isAwaited.WaitAsync(Gathering, _givingUp.Token);
                Take(batch, waiting);
            }

            await AppendAsync(batch);
            waiting.ForEach(written => written.SetResult());
            batch.Clear();
            waiting.Clear();
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
                return;
            }
            catch (AccessLogBrokenException e)
            {
                _isBroken = true;
                LogBroken(batch.Count, e);
                await Task.Delay(PauseAfterFailure, _givingUp.Token);
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
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

    private sealed record Item(AccessLogRow? Row, TaskCompletionSource? Written);
}
