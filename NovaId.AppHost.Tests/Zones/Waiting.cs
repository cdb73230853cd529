namespace NovaId.AppHost.Tests.Zones;

/// <summary>Waits for what a zone does by itself.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until something holds; a test that is over or out of patience fails.</summary>
    /// <param name="condition">Whether it holds.</param>
    /// <param name="patience">How long.</param>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan patience)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(patience);
        while (!await condition())
        {
            await Task.Delay(Look, limit.Token);
        }
    }
}
