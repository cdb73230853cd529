using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;
using NovaId.ServiceDefaults;

namespace NovaId.Api.Shutdown;

/// <summary>
/// The end of the API in order: it is not ready any more, goes on answering until nobody new comes, and only then stops to listen; the server
/// finishes what it has begun, and the access log is written last.
/// </summary>
internal sealed partial class Draining(IOptions<ShutdownOptions> options, ILogger<Draining> logger) : IHostedLifecycleService, IHealthCheck
{
    private volatile bool _hasBegun;

    public bool HasBegun => _hasBegun;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_hasBegun ? HealthExtensions.UnhealthyAndTold("The API is about to stop.") : HealthCheckResult.Healthy());

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _hasBegun = true;
        if (options.Value.Delay > TimeSpan.Zero)
        {
            LogBegun(options.Value.Delay);
            await Task.Delay(options.Value.Delay, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Information, "Not ready any more; requests are answered for {Delay} more")]
    private partial void LogBegun(TimeSpan delay);
}
