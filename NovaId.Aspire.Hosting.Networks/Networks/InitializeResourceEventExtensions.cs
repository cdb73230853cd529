namespace Aspire.Hosting;

/// <summary>The beginning of a resource that is no program.</summary>
public static class InitializeResourceEventExtensions
{
    /// <summary>Waits for what the resource waits for. Where that cannot come any more, the resource has failed to start, so that nothing
    /// waits for it in vain.</summary>
    /// <param name="initialize">The event by which Aspire lets the resource begin.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether the resource may begin.</returns>
    public static async Task<bool> WaitForDependenciesAsync(this InitializeResourceEvent initialize, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(initialize);
        try
        {
            await initialize.Eventing.PublishAsync(new BeforeResourceStartedEvent(initialize.Resource, initialize.Services), cancellationToken);
            return true;
        }
        catch (DistributedApplicationException)
        {
            await initialize.Notifications.PublishUpdateAsync(initialize.Resource, snapshot => snapshot with { State = KnownResourceStates.FailedToStart });
            return false;
        }
    }
}
