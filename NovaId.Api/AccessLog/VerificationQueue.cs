namespace NovaId.Api.AccessLog;

/// <summary>
/// Checks the log one time at a time: whoever asks while a check begins or runs gets the result of one that begins after they asked, and a
/// hundred who ask cost no more than two.
/// </summary>
internal sealed class VerificationQueue(AccessLogStore store, AccessLogWriter writer)
{
    private readonly Lock _lock = new();
    private Task<LogVerification>? _running;
    private Task<LogVerification>? _next;

    public Task<LogVerification> RunAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _next ??= BeginAsync(_running);
            return _next.WaitAsync(cancellationToken);
        }
    }

    private async Task<LogVerification> BeginAsync(Task<LogVerification>? before)
    {
        if (before is not null)
        {
            await before.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await Task.Yield();
        lock (_lock)
        {
            (_running, _next) = (_next, null);
        }

        // What was decided before it was asked for is checked too.
        await writer.FlushAsync(CancellationToken.None);
        return await store.VerifyAsync(CancellationToken.None);
    }
}
