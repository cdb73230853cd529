namespace NovaId.Api.AccessLog;

/// <summary>
/// Where the access log lies: files beside the storage, memory, or a PostgreSQL database that several instances write to. What these do in
/// different ways is here and in <see cref="SegmentDatabase"/>; the chain is the same.
/// </summary>
internal abstract class LogPlace
{
    /// <summary>Whether other instances write to the log too.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Whether the log ends with the process, so that there is nothing to go on from.</summary>
    public abstract bool IsForgotten { get; }

    /// <summary>What to say is gone where there is no segment.</summary>
    public abstract string FirstSegment { get; }

    /// <summary>What to say where there is no log to check.</summary>
    public abstract string NoLog { get; }

    /// <summary>What to say of a place that cannot be used, and what to do.</summary>
    public abstract string Explain(Exception failure);

    /// <summary>Makes the place fit to be written to.</summary>
    public abstract Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>The numbers of the segments that are there, lowest first.</summary>
    public abstract Task<IReadOnlyList<int>> SegmentsAsync(CancellationToken cancellationToken);

    /// <summary>A segment to write to; it is made where there is none.</summary>
    public abstract Task<SegmentDatabase> OpenAsync(int number, CancellationToken cancellationToken);

    public abstract SegmentDatabase OpenForReading(int number);

    /// <summary>Removes a segment.</summary>
    public abstract Task DeleteAsync(int number, CancellationToken cancellationToken);

    /// <summary>The key; null if there is none.</summary>
    /// <exception cref="AccessLogBrokenException">It is no key, or others may read it.</exception>
    public abstract byte[]? FindKey();

    /// <summary>Makes a key for a new log.</summary>
    public abstract byte[] CreateKey();

    /// <summary>What to say where the key is missing.</summary>
    public abstract string MissingKey { get; }

    /// <summary>The path of the head outside the database; null if none is kept.</summary>
    public abstract string? HeadFile { get; }

    /// <summary>Takes over the records of an earlier kind of log.</summary>
    public abstract Task MigrateAsync(AccessLogStore store, TimeProvider time);

    /// <summary>Whether something outside the log knows that there is one.</summary>
    public abstract Task<bool> HasBegunAsync(CancellationToken cancellationToken);

    /// <summary>Writes down outside the log that there is one, so that its disappearance as a whole is noticed.</summary>
    public abstract Task RememberAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Waits for its turn to write among all instances; disposing ends it.</summary>
    public abstract Task<IAsyncDisposable?> EnterAsync(CancellationToken cancellationToken);
}
