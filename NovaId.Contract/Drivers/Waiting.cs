namespace NovaId.Contract.Drivers;

/// <summary>Waits for what comes by itself, however fast the machine is.</summary>
public static class Waiting
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until something holds; a test that is over or out of patience fails.</summary>
    /// <param name="condition">Whether it holds.</param>
    /// <param name="patience">How long.</param>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(patience);
        while (!await condition())
        {
            await Task.Delay(Look, limit.Token);
        }
    }

    /// <summary>Waits until something holds; a test that is over or out of patience fails.</summary>
    /// <param name="condition">Whether it holds.</param>
    /// <param name="patience">How long.</param>
    public static Task UntilAsync(Func<bool> condition, TimeSpan patience) => UntilAsync(() => Task.FromResult(condition()), patience);
}
