using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;

namespace NovaId.Api.AccessLog;

/// <summary>
/// The access log: a chain of records over segments, of which the last is open. One writer appends (<see cref="AccessLogWriter"/>), anyone
/// reads. It starts only where it can go on from what was sealed, because to write on from anything else would bury what happened.
/// </summary>
internal sealed partial class AccessLogStore : IAsyncDisposable
{
    private const int Attempts = 3;

    private static readonly TimeSpan PauseBetweenRetentions = TimeSpan.FromHours(1);

    private readonly AccessLogOptions _options;
    private readonly LogPlace _place;
    private readonly AccessLogOpening _opening;
    private readonly TimeProvider _time;
    private readonly ILogger<AccessLogStore> _logger;
    private readonly Lock _lock = new();
    private readonly List<LogSegment> _condemned = [];
    private byte[] _key = [];
    private RecordChain? _chain;
    private HeadFile? _headFile;
    private List<LogSegment> _segments = [];
    private SealedHead? _head;
    private DateTimeOffset _nextRetention;

    /// <summary>Where the head is if what was written last was committed; null once that is known.</summary>
    private SealedHead? _pending;

    public AccessLogStore(LogPlace place, IOptions<AccessLogOptions> options, TimeProvider time, ILogger<AccessLogStore> logger)
    {
        (_place, _options, _time, _logger) = (place, options.Value, time, logger);
        _opening = new AccessLogOpening(_options, place);
    }

    /// <summary>Whether other instances write to the log too.</summary>
    public bool IsShared => _place.IsShared;

    private LogSegment Open => _segments[^1];

    private RecordChain Chain => _chain ?? throw new InvalidOperationException("The access log is not open.");

    private SealedHead Head => _head ?? throw new InvalidOperationException("The access log is not open.");

    /// <summary>Opens the log, to go on where it ends.</summary>
    /// <exception cref="AccessLogBrokenException">What is there cannot be continued; the message says why and what to do.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _place.PrepareAsync(cancellationToken);
            await using (await _place.EnterAsync(cancellationToken))
            {
                (_key, _segments, _head) = await _opening.OpenAsync(cancellationToken);
                _chain = new RecordChain(_key);
                if (_place.HeadFile is { } headFile)
                {
                    _headFile?.Dispose();
                    _headFile = HeadFile.Open(headFile, _chain);
                    _headFile.Write(_head, _chain.Seal(_head));
                }

                await _place.MigrateAsync(this, _time);
                await _place.RememberAsync(_time.GetUtcNow(), cancellationToken);
                await RetainAsync(cancellationToken);
            }
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException)
        {
            throw new AccessLogBrokenException(_place.Explain(e), e);
        }

        LogHead(_head.Last, Convert.ToHexStringLower(_head.Hash), _segments.Count);
    }

    /// <summary>Appends the decisions: all of them, or none.</summary>
    public Task AppendAsync(IReadOnlyList<AccessLogRow> rows, CancellationToken cancellationToken) =>
        AppendAsync([.. rows.Select(LogRecord.Of)], cancellationToken);

    /// <summary>Appends records: all of them, or none.</summary>
    public async Task AppendAsync(IReadOnlyList<LogRecord> records, CancellationToken cancellationToken)
    {
        await using var turn = await _place.EnterAsync(cancellationToken);
        if (!await SettleAsync(records, cancellationToken))
        {
            if (IsShared)
            {
                await FollowAsync(cancellationToken);
            }

            await RotateAsync(cancellationToken);
            await WriteAsync(records, Head.First, cancellationToken);
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
        return await ReadAsync(
            async segments =>
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

                return (IReadOnlyList<AccessLogEntry>)entries;
            },
            cancellationToken);
    }

    public Task<AccessLogStatistics> CountAsync(CancellationToken cancellationToken) => ReadAsync(
        async segments =>
        {
            var sum = AccessLogStatistics.None;
            foreach (var segment in segments)
            {
                sum = sum.Plus(await segment.CountAsync(cancellationToken));
            }

            return sum;
        },
        cancellationToken);

    /// <summary>Checks the whole chain, while the log is written to.</summary>
    public async Task<LogVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        // What is known outside first: it never stands ahead of the database, which goes on in the meantime.
        using var chain = new RecordChain(_key);
        var (witnesses, problem) = LogVerifier.ReadHeadFile(_place.HeadFile, chain);
        if (IsShared && Head is { Last: > 0 } seen)
        {
            witnesses = [.. witnesses, new Witness(seen.Last, seen.Hash, "this instance")];
        }

        return await ReadAsync(
            segments => new LogVerifier(chain).VerifyAsync(segments, witnesses, problem, cancellationToken),
            cancellationToken,
            verification => verification.Valid);
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
                    || (segment.First > 0 && _segments[index + 1].First > 0 && _segments[index + 1].First <= Head.First)))
            .ToList();
        if (removed.Count > 0)
        {
            var first = await FirstBehindAsync(_segments[removed.Count], cancellationToken);
            if (first > Head.First)
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
            await _place.DeleteAsync(segment.Number, cancellationToken);
            LogRemoved(segment.Number);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _headFile?.Dispose();
        _chain?.Dispose();
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
        var chained = Continue(Head, records);
        var after = new SealedHead(Open.Number, first, chained[^1].Id, chained[^1].Hash);
        _pending = after;
        var seal = Chain.Seal(after);
        await Open.AppendAsync(chained, Head, after, seal, cancellationToken);
        Settle(after, seal);
    }

    private ChainedRecord[] Continue(SealedHead head, IReadOnlyList<LogRecord> records)
    {
        var chained = new ChainedRecord[records.Count];
        var (id, previous) = (head.Last, head.Hash);
        for (var index = 0; index < chained.Length; index++)
        {
            var hash = Chain.Hash(previous, ++id, records[index]);
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

        // The record, and not the head, which others may have moved since.
        var (found, _) = await Open.FindAsync(pending.Last, cancellationToken);
        if (!pending.Hash.AsSpan().SequenceEqual(found))
        {
            _pending = null;
            return false;
        }

        var isSame = Continue(Head, records)[^1].Hash.AsSpan().SequenceEqual(pending.Hash);
        Settle(pending, Chain.Seal(pending));
        return isSame;
    }

    /// <summary>Takes over what other instances have written since. What this one has seen must still be there.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var seen = Head;
        var numbers = await _place.SegmentsAsync(cancellationToken);
        var head = numbers.SequenceEqual(_segments.Select(segment => segment.Number))
            && await Open.ReadHeadAsync(cancellationToken) is var (written, seal)
            && written.Segment == Open.Number && Chain.IsSealed(written, seal)
                ? written
                : null;
        if (head is null || (Open.First == 0 && head.Last > seen.Last))
        {
            var (segments, end) = await _opening.ReadAsync(numbers, Chain, cancellationToken);
            head = end;
            lock (_lock)
            {
                _segments = segments;
            }
        }

        if (head.Last != seen.Last || !head.Hash.AsSpan().SequenceEqual(seen.Hash))
        {
            await AccessLogOpening.VerifyAsync(_segments, head, new Witness(seen.Last, seen.Hash, "this instance"), cancellationToken);
        }

        _head = head;
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
            var head = Head with { Segment = closed.Number + 1 };
            var next = await BeginAsync(_place, Chain, head, cancellationToken);
            await closed.CloseAsync();
            lock (_lock)
            {
                _segments = [.. _segments, next];
            }

            Settle(head, Chain.Seal(head));
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
    internal static async Task<LogSegment> BeginAsync(LogPlace place, RecordChain chain, SealedHead head, CancellationToken cancellationToken)
    {
        var segment = await LogSegment.OpenAsync(place, head.Segment, cancellationToken);
        await segment.LoadAsync(cancellationToken);
        if (segment.First > 0)
        {
            throw new AccessLogBrokenException(string.Create(
                CultureInfo.InvariantCulture,
                $"Segment {head.Segment} of the access log holds records before it begins. Run verify-log; move it aside and keep it."));
        }

        await segment.BeginAsync(head, chain.Seal(head), cancellationToken);
        return segment;
    }

    /// <summary>Reads segments. Where another instance removes one meanwhile, or the result is not good, it is done again.</summary>
    private async Task<T> ReadAsync<T>(
        Func<IReadOnlyList<LogSegment>, Task<T>> read,
        CancellationToken cancellationToken,
        Func<T, bool>? isGood = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var segments = await EnterAsync(cancellationToken);
            try
            {
                var result = await read(segments);
                if (isGood is null || isGood(result) || attempt == Attempts || !await HaveChangedAsync(segments, cancellationToken))
                {
                    return result;
                }
            }
            catch (DbException) when (attempt < Attempts)
            {
                if (!await HaveChangedAsync(segments, cancellationToken))
                {
                    throw;
                }
            }
            finally
            {
                Leave(segments);
            }
        }
    }

    private async Task<bool> HaveChangedAsync(IReadOnlyList<LogSegment> segments, CancellationToken cancellationToken) =>
        IsShared && !(await _place.SegmentsAsync(cancellationToken)).SequenceEqual(segments.Select(segment => segment.Number));

    private async Task<IReadOnlyList<LogSegment>> EnterAsync(CancellationToken cancellationToken)
    {
        if (!IsShared)
        {
            lock (_lock)
            {
                return [.. _segments.Where(segment => segment.TryEnter())];
            }
        }

        // What other instances have begun or removed, this one may not know yet.
        var numbers = await _place.SegmentsAsync(cancellationToken);
        Dictionary<int, LogSegment> known;
        lock (_lock)
        {
            known = _segments.ToDictionary(segment => segment.Number);
        }

        var entered = new List<LogSegment>();
        foreach (var number in numbers)
        {
            if (known.GetValueOrDefault(number) is { First: > 0 } segment && segment.TryEnter())
            {
                entered.Add(segment);
                continue;
            }

            var added = LogSegment.OpenForReading(_place, number);
            added.TryEnter();
            await added.LoadAsync(cancellationToken);
            entered.Add(added);
        }

        return entered;
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
