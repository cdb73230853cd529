namespace NovaId.Bench.Starts;

/// <summary>One way of starting the zone.</summary>
internal interface IStart
{
    /// <summary>What it is called in the report.</summary>
    string Title { get; }

    /// <summary>Starts the zone anew and returns at once; nothing of an earlier start is left.</summary>
    /// <param name="gatewayPort">The gateway's port on 127.0.0.1, which is free.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What runs. Disposing of it ends and removes everything.</returns>
    Task<IAsyncDisposable> BeginAsync(int gatewayPort, CancellationToken cancellationToken);
}
