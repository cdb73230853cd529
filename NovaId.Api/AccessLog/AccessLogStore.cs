using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>
/// The access log: a chain of records over segments, of which the last is open. One writer appends (<see cref="AccessLogWriter"/>), anyone
/// reads. It starts only where it can go on from what was sealed, because to write on from anything else would bury what happened.
/// </summary>
internal sealed partial class AccessLogStore : IAsyncDisposable
{
    private static readonly TimeSpan PauseBetweenRetentions = TimeSpan.FromHours(1);

    private readonly AccessLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<AccessLogStore> _logger;
    private readonly AccessLogFiles? _files;
    private readonly byte[] _key;
    private readonly RecordChain _chain;
    private readonly HeadFile? _headFile;
    private readonly Lock _lock = new();
    private readonly List<LogSegment> _condemned = [];
    private List<LogSegment> _segments;
    private SealedHead _head;
    private DateTimeOffset _nextRetention;

    /// <summary>Where the head is if what was written last was committed; null once that is known.</summary>
    private SealedHead? _pending;

    /// <exception cref="AccessLogBrokenException">What is there cannot be continued; the message says why and what to do.</exception>
    public AccessLogStore(
        SqliteDatabase documents,
        IOptions<AccessLogOptions> options,
        TimeProvider time,
        ILogger<AccessLogStore> logger)
    {
        (_options, _time, _logger) = (options.Value, time, logger);
        _files = documents.Path == SqliteDatabase.InMemory ? null : new AccessLogFiles(documents.Path);
        try
        {
            var opening = new AccessLogOpening(_options, _files, documents, _time);
            (_key, _segments, _head) = opening.OpenAsync().GetAwaiter().GetResult();
            _chain = new RecordChain(_key);
            if (_files is not null)
            {
                _headFile = HeadFile.Open(_files.Head, _chain);
                _headFile.Write(_head, _chain.Seal(_head));
            }

            AccessLogMigration.RunAsync(documents, this, _time).GetAwaiter().GetResult();
            opening.RememberAsync().GetAwaiter().GetResult();
            RetainAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new AccessLogBrokenException(
                $"The access log beside Storage:Path '{documents.Path}' cannot be used: {e.Message} Make its files readable and writable for "
                + "this user, or put them back from a backup; verify-log says more.",
                e);
        }

        LogHead(_head.Last, Convert.ToHexStringLower(_head.Hash), _segments.Count);
    }

    private LogSegment Open => _segments[^1];

    /// <summary>Appends the decisions: all of them, or none.</summary>
    public Task AppendAsync(IReadOnlyList<AccessLogRow> rows, CancellationToken cancellationToken) =>
        AppendAsync([.. rows.Select(LogRecord.Of)], cancellationToken);

    /// <summary>Appends records: all of them, or none.</summary>
    public async Task AppendAsync(IReadOnlyList<LogRecord> records, CancellationToken cancellationToken)
    {
        if (!await SettleAsync(records, cancellationToken))
        {
            await RotateAsync(cancellationToken);
            await WriteAsync(records, _head.First, cancellationToken);
        }
    }

    /// <summary>The newest decisions below a record, newest first.</summary>
    public async Task<IReadOnlyList<AccessLogEntry>> ListAsync(
        string? subject,
        bool? allowed,
        long? before,
        int count,
        CancellationToken cancellationToken)
    {
        var segments = Enter();
        try
        {
            var entries = new List<AccessLogEntry>();
            foreach (var segment in Enumerable.Reverse(segments).Where(segment => before is null || segment.First < before))
            {
                entries.AddRange(await segment.ListAsync(subject, allowed, before, count - entries.Count, cancellationToken));
                if (entries.Count == count)
                {
                    break;
                }
            }

            return entries;
        }
        finally
        {
            Leave(segments);
        }
    }

    public async Task<AccessLogStatistics> CountAsync(CancellationToken cancellationToken)
    {
        var segments = Enter();
        try
        {
            var sum = AccessLogStatistics.None;
            foreach (var segment in segments)
            {
                sum = sum.Plus(await segment.CountAsync(cancellationToken));
            }

            return sum;
        }
        finally
        {
            Leave(segments);
        }
    }

    /// <summary>Checks the whole chain, while the log is written to.</summary>
    public async Task<LogVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        // The file first: it never stands ahead of the database, which goes on in the meantime.
        using var chain = new RecordChain(_key);
        var (witnesses, problem) = LogVerifier.ReadHeadFile(_files, chain);
        var segments = Enter();
        try
        {
            return await new LogVerifier(chain).VerifyAsync(segments, witnesses, problem, cancellationToken);
        }
        finally
        {
            Leave(segments);
        }
    }

    /// <summary>The newest record of a kind, from whichever segment.</summary>
    public async Task<LogRecord?> FindNewestAsync(string kind, CancellationToken cancellationToken)
    {
        foreach (var segment in Enumerable.Reverse(_segments))
        {
            if (await segment.FindNewestAsync(kind, cancellationToken) is { } record)
            {
                return record;
            }
        }

        return null;
    }

    /// <summary>Removes whole segments that are too old or too many, and says so in the chain before it does.</summary>
    public async Task RetainAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var removed = _segments
            .TakeWhile((segment, index) => segment.IsClosed
                && (segment.LastTime < now - _options.Retention || _segments.Count - index > _options.MaximumSegments
                    || (segment.First > 0 && _segments[index + 1].First > 0 && _segments[index + 1].First <= _head.First)))
            .ToList();
        if (removed.Count > 0)
        {
            var first = await FirstBehindAsync(_segments[removed.Count], cancellationToken);
            if (first > _head.First)
            {
                await WriteAsync([Retention(removed, first, now)], first, cancellationToken);
            }

            lock (_lock)
            {
                _segments = [.. _segments.Skip(removed.Count)];
            }

            _condemned.AddRange(removed);
        }

        foreach (var segment in _condemned.Where(segment => segment.Condemn()).ToList())
        {
            _condemned.Remove(segment);
            await segment.DisposeAsync();
            _files?.Delete(segment.Number);
            LogRemoved(segment.Number);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _headFile?.Dispose();
        _chain.Dispose();
        foreach (var segment in _segments.Concat(_condemned))
        {
            await segment.DisposeAsync();
        }
    }

    private static LogRecord Retention(List<LogSegment> removed, long first, DateTimeOffset now) => new()
    {
        Kind = RecordKind.Retention,
        Time = now.ToUnixTimeMilliseconds(),
        Detail = new JsonObject
        {
            ["segments"] = new JsonArray([.. removed.Select(segment => (JsonNode)segment.Number)]),
            ["completeFrom"] = first,
        }.ToJsonString(),
    };

    /// <summary>The first record of a segment, or the one that will be.</summary>
    private static async Task<long> FirstBehindAsync(LogSegment segment, CancellationToken cancellationToken) =>
        segment.First > 0 ? segment.First : (await segment.ReadHeadAsync(cancellationToken))!.Value.Head.Last + 1;

    /// <summary>Writes the records to the open segment, and from which record on the log is complete.</summary>
    private async Task WriteAsync(IReadOnlyList<LogRecord> records, long first, CancellationToken cancellationToken)
    {
        var chained = Chain(_head, records);
        var after = new SealedHead(Open.Number, first, chained[^1].Id, chained[^1].Hash);
        _pending = after;
        var seal = _chain.Seal(after);
        await Open.AppendAsync(chained, _head, after, seal, cancellationToken);
        Settle(after, seal);
    }

    private ChainedRecord[] Chain(SealedHead head, IReadOnlyList<LogRecord> records)
    {
        var chained = new ChainedRecord[records.Count];
        var (id, previous) = (head.Last, head.Hash);
        for (var index = 0; index < chained.Length; index++)
        {
            var hash = _chain.Hash(previous, ++id, records[index]);
            chained[index] = new ChainedRecord(id, previous, hash, records[index]);
            previous = hash;
        }

        return chained;
    }

    /// <summary>Finds out what became of the write before, if that failed: it may have been committed all the same.</summary>
    /// <returns>Whether it was, and held these same records.</returns>
    private async Task<bool> SettleAsync(IReadOnlyList<LogRecord> records, CancellationToken cancellationToken)
    {
        if (_pending is not { } pending)
        {
            return false;
        }

        if (await Open.ReadHeadAsync(cancellationToken) is not var (written, seal)
            || !_chain.IsSealed(pending, seal)
            || written.Last != pending.Last)
        {
            _pending = null;
            return false;
        }

        var isSame = Chain(_head, records)[^1].Hash.AsSpan().SequenceEqual(pending.Hash);
        Settle(pending, seal);
        return isSame;
    }

    private void Settle(SealedHead head, byte[] seal)
    {
        _headFile?.Write(head, seal);
        (_head, _pending) = (head, null);
    }

    /// <summary>Closes the open segment once it is too large or too old, and begins the next one; removes what is too old.</summary>
    private async Task RotateAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (Open.Size > _options.SegmentBytes || Open.FirstTime < now - _options.SegmentAge)
        {
            var closed = Open;
            var head = _head with { Segment = closed.Number + 1 };
            var next = await BeginAsync(_files, _chain, head, cancellationToken);
            await closed.CloseAsync();
            lock (_lock)
            {
                _segments = [.. _segments, next];
            }

            Settle(head, _chain.Seal(head));
            _nextRetention = now;
            LogRotated(closed.Number, head.Last, Convert.ToHexStringLower(head.Hash));
        }

        if (now >= _nextRetention || _condemned.Count > 0)
        {
            _nextRetention = now + PauseBetweenRetentions;
            await RetainAsync(cancellationToken);
        }
    }

    /// <summary>Makes the segment that a head belongs to, which has no record yet.</summary>
    internal static async Task<LogSegment> BeginAsync(AccessLogFiles? files, RecordChain chain, SealedHead head, CancellationToken cancellationToken)
    {
        var segment = LogSegment.Open(head.Segment, files?.Segment(head.Segment) ?? SqliteDatabase.InMemory);
        await segment.LoadAsync(cancellationToken);
        if (segment.First > 0)
        {
            throw new AccessLogBrokenException(string.Create(
                CultureInfo.InvariantCulture,
                $"Segment {head.Segment} of the access log holds records before it begins. Run verify-log; move the file aside and keep it."));
        }

        await segment.BeginAsync(head, chain.Seal(head), cancellationToken);
        return segment;
    }

    private IReadOnlyList<LogSegment> Enter()
    {
        lock (_lock)
        {
            return [.. _segments.Where(segment => segment.TryEnter())];
        }
    }

    private static void Leave(IReadOnlyList<LogSegment> segments)
    {
        foreach (var segment in segments)
        {
            segment.Leave();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The access log goes on from record {Last} with the hash {Hash}, in {Segments} segments")]
    private partial void LogHead(long last, string hash, int segments);

    [LoggerMessage(2, LogLevel.Information, "Segment {Segment} of the access log is closed at record {Last} with the hash {Hash}")]
    private partial void LogRotated(int segment, long last, string hash);

    [LoggerMessage(3, LogLevel.Warning, "Segment {Segment} of the access log was removed, as its retention says")]
    private partial void LogRemoved(int segment);
}
