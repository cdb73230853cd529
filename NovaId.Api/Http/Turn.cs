namespace NovaId.Api.Http;

/// <summary>A turn at something that only one may change at a time, on whatever instance. Disposing ends it.</summary>
internal sealed class Turn(Func<Task<bool>> holds, Func<Task> leave) : IAsyncDisposable
{
    private bool _hasEnded;

    /// <summary>
    /// Asked right before the change itself: whoever lost the turn, with the database that keeps it, must not change what somebody else may
    /// be changing.
    /// </summary>
    /// <exception cref="RefusalException">It is lost.</exception>
    public async Task ConfirmAsync()
    {
        if (!await holds())
        {
            throw Refusal.Unavailable("storage", "lost the lock before the change").AsException();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            await leave();
        }
    }
}
