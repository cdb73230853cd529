namespace NovaId.AppHost.Tests.Zones;

/// <summary>
/// One zone of containers at a time: a second takes the processors from the first, and what either takes in time says nothing then. Whatever
/// starts one has a class in the collection <see cref="OwnZone"/>, which xunit runs when all that share the assembly's zone are done.
/// </summary>
internal static class ZoneTurn
{
    private static readonly SemaphoreSlim Taking = new(1, 1);
    private static Func<Task>? _end;

    /// <summary>Ends the zone that runs, if one does.</summary>
    /// <param name="end">Ends the one that is started now, when the next one starts; null where whoever starts it ends it.</param>
    public static async Task TakeAsync(Func<Task>? end = null)
    {
        await Taking.WaitAsync();
        try
        {
            await (_end?.Invoke() ?? Task.CompletedTask);
            _end = end;
        }
        finally
        {
            Taking.Release();
        }
    }
}

/// <summary>Cases that start zones or programs of their own, one after the other, with nothing else at work beside them.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class OwnZone;
