namespace NovaId.Api.Account;

/// <summary>How many calls for one request go to a service at the same time.</summary>
internal static class Concurrency
{
    /// <summary>Enough to be quick, and few enough to leave room for everybody else.</summary>
    public static ParallelOptions OfChanges { get; } = new() { MaxDegreeOfParallelism = 8 };
}
