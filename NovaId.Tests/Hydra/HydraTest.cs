namespace NovaId.Tests.Hydra;

/// <summary>A test that has a Hydra of its own.</summary>
public abstract class HydraTest : IAsyncLifetime
{
    private HydraHost? _hydra;

    internal HydraHost Hydra => _hydra ?? throw new InvalidOperationException("The test has not begun.");

    public async ValueTask InitializeAsync() => _hydra = await HydraHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_hydra is not null)
        {
            await _hydra.DisposeAsync();
        }
    }
}
