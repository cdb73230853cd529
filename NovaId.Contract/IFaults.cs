namespace NovaId.Contract;

/// <summary>The switches of a zone that make its services fail. What fails is not told, and neither is who asks it.</summary>
public interface IFaults
{
    /// <summary>Whether this zone can make this service fail this way.</summary>
    /// <param name="service">The service.</param>
    /// <param name="mode">How it fails.</param>
    /// <returns>False skips the case.</returns>
    bool Supports(FaultyService service, FaultMode mode);

    /// <summary>Makes a service fail, for everyone and until the returned object is disposed of; then it is back, without a restart of
    /// anything else.</summary>
    /// <param name="service">The service.</param>
    /// <param name="mode">How it fails.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Ends the fault.</returns>
    Task<IAsyncDisposable> BeginAsync(FaultyService service, FaultMode mode, CancellationToken cancellationToken);

    /// <summary>Whether this zone brings back by itself what ends: <c>kratos</c>, <c>keto</c>, <c>hydra</c>, <c>oathkeeper</c> and
    /// <c>postgres</c>.</summary>
    bool ComesBack => false;

    /// <summary>Kills the process of a service (SIGKILL) and brings nothing back.</summary>
    /// <param name="service">The service's host name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When the process has ended.</returns>
    Task KillAsync(string service, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Whether a service that stops takes its address along, so that whom it was answering never hears of it.</summary>
    bool LeavesNoAddress => false;

    /// <summary>How many instances of the API are at work, behind a balancer that gives no more requests to one which it does not reach.</summary>
    int ApiInstances => 1;

    /// <summary>Kills an instance of the API (SIGKILL), with what it is answering, and brings nothing back.</summary>
    /// <returns>When the process has ended.</returns>
    /// <exception cref="NotSupportedException">There is one instance only.</exception>
    Task KillInstanceAsync() => throw new NotSupportedException();

    /// <summary>The memory that the API holds on to, in bytes; null where it cannot be measured.</summary>
    /// <returns>The bytes.</returns>
    long? MeasureApiMemory();
}
