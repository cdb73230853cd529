namespace NovaId.Emulator.Hosting;

/// <summary>One service of the embedded zone: built from its configuration (errors come then), started and stopped with the zone.</summary>
internal interface IEmbeddedService : IAsyncDisposable
{
    /// <summary>Starts to listen on the private network.</summary>
    Task StartAsync(CancellationToken cancellationToken);
}
