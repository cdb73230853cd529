using System.Data.Common;
using System.Globalization;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>
/// Walks along the chain, one record at a time, and stops at the first that is not right. It reads in short transactions, so that it holds up
/// nobody who writes.
/// </summary>
internal sealed class LogVerifier(RecordChain chain)
{
    private const int Chunk = 1000;

    private long _records;
    private long _first;
    private long _last;
    private byte[]? _hash;
    private BrokenRecord? _broken;
    private IReadOnlyList<Witness> _witnesses = [];

    /// <summary>What the head outside the database says; or what is wrong with it.</summary>
    public static (IReadOnlyList<Witness> Witnesses, string? Problem) ReadHeadFile(string? path, RecordChain chain)
    {
        if (path is null)
        {
            return ([], null);
        }

        if (!File.Exists(path))
        {
            return ([], $"The head file of the access log, '{Path.GetFileName(path)}', is missing.");
        }

        return HeadFile.Read(path, chain) is { } head
            ? ([new Witness(head.Last, head.Hash, "the head file")], null)
            : ([], $"The head file of the access log, '{Path.GetFileName(path)}', was changed, or sealed with another key than this one.");
    }

    /// <summary>Checks every record of the segments, which come in the order of their numbers.</summary>
    /// <param name="segments">All there are.</param>
    /// <param name="witnesses">What else knows how far the log goes. They were asked before the segments were.</param>
    /// <param name="problem">What is wrong besides the records; null if nothing is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<LogVerification> VerifyAsync(
        IReadOnlyList<LogSegment> segments,
        IReadOnlyList<Witness> witnesses,
        string? problem,
        CancellationToken cancellationToken)
    {
        _witnesses = witnesses;
        if (segments.Count > 0 && !await HasBegunAsync(segments[^1], cancellationToken))
        {
            // A process ended, or is at work, between making the file and writing to it. If anything was there before, others know of it.
            segments = [.. segments.SkipLast(1)];
        }

        var head = await FinalHeadAsync(segments, cancellationToken);
        foreach (var segment in segments)
        {
            await VerifyAsync(segment, head, cancellationToken);
            if (_broken is not null)
            {
                break;
            }
        }

        if (_broken is null && witnesses.MaxBy(witness => witness.Id) is { } farthest && farthest.Id > _last)
        {
            Break(_last + 1, $"{Missing(_last + 1, farthest.Id)}: {farthest.Name} knows them, so the log was cut off at its end or put back to an earlier state");
        }

        if (_broken is null && problem is not null)
        {
            Break(_last + 1, problem.TrimEnd('.'));
        }

        return new LogVerification(
            _broken is null,
            _records,
            _first == 0 ? null : _first,
            _broken,
            _last == 0 || _hash is null ? null : new LogHead(_last, Convert.ToHexStringLower(_hash)),
            segments.Count);
    }

    private static async Task<bool> HasBegunAsync(LogSegment segment, CancellationToken cancellationToken)
    {
        try
        {
            return await segment.HasBegunAsync(cancellationToken);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            // It holds something, and the walk says what is wrong with it.
            return true;
        }
    }

    /// <summary>The head of the last segment; null where it is not what was sealed, which its own check then says.</summary>
    private async Task<SealedHead?> FinalHeadAsync(IReadOnlyList<LogSegment> segments, CancellationToken cancellationToken)
    {
        try
        {
            return segments.Count > 0 && await segments[^1].ReadHeadAsync(cancellationToken) is var (head, seal) && chain.IsSealed(head, seal)
                ? head
                : null;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    private async Task VerifyAsync(LogSegment segment, SealedHead? final, CancellationToken cancellationToken)
    {
        (SealedHead Head, byte[] Seal)? own = null;
        var after = 0L;
        try
        {
            int visited;
            do
            {
                visited = await segment.VisitAsync(
                    after,
                    Chunk,
                    head =>
                    {
                        own = head;
                        VerifyOwner(segment, head);
                    },
                    reader => _broken is null && Verify(reader, after = reader.GetInt64(0), final),
                    cancellationToken);
            }
            while (visited == Chunk && _broken is null);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            Break(_last + 1, $"segment {segment.Number} cannot be read from here on: {e.Message.TrimEnd('.')}");
        }

        if (_broken is null)
        {
            VerifyHead(segment, own);
        }
    }

    /// <summary>A file that was put in another's place says so itself.</summary>
    private void VerifyOwner(LogSegment segment, (SealedHead Head, byte[] Seal)? own)
    {
        if (own is var (head, seal) && chain.IsSealed(head, seal) && head.Segment != segment.Number)
        {
            Break(_last + 1, $"the file of segment {segment.Number} holds segment {head.Segment}");
        }
    }

    private bool Verify(DbDataReader reader, long id, SealedHead? final)
    {
        if (_last == 0)
        {
            // What retention removed is missing rightly; the head says up to where.
            var first = final?.First ?? 1;
            if (id > first)
            {
                return Break(first, $"{Missing(first, id - 1)}, and not by retention");
            }

            (_first, _hash) = (id, id == 1 ? RecordChain.Beginning : reader.GetBytes(1));
        }
        else if (id != _last + 1)
        {
            return id > _last + 1
                ? Break(_last + 1, Missing(_last + 1, id - 1))
                : Break(id, "it is there a second time, or in the wrong segment");
        }

        var previous = reader.GetBytes(1);
        var hash = reader.GetBytes(2);
        if (!previous.AsSpan().SequenceEqual(_hash))
        {
            return Break(id, "it does not follow the record before it: it was changed, moved, or put in");
        }

        if (!hash.AsSpan().SequenceEqual(chain.Hash(previous, id, LogRecord.Read(reader, 3))))
        {
            return Break(id, "it is not what was sealed: it was changed, moved, or put in");
        }

        if (_witnesses.FirstOrDefault(witness => witness.Id == id && !witness.Hash.AsSpan().SequenceEqual(hash)) is { } witness)
        {
            return Break(id, $"it is not the one that {witness.Name} knows: the log was rewritten");
        }

        (_last, _hash) = (id, hash);
        _records++;
        return true;
    }

    private void VerifyHead(LogSegment segment, (SealedHead Head, byte[] Seal)? own)
    {
        if (own is not var (head, seal))
        {
            Break(_last + 1, $"segment {segment.Number} has no head");
        }
        else if (!chain.IsSealed(head, seal))
        {
            Break(_last + 1, $"the head of segment {segment.Number} was changed, or sealed with another key than this one");
        }
        else if (head.Last > _last)
        {
            Break(_last + 1, $"{Missing(_last + 1, head.Last)}: the head of segment {segment.Number} knows them");
        }
        else if (head.Last < _last)
        {
            Break(head.Last + 1, $"it is behind the end of the log, which the head of segment {segment.Number} puts at record {head.Last}");
        }
        else if (_hash is not null && !head.Hash.AsSpan().SequenceEqual(_hash))
        {
            Break(_last, $"it is not the one that the head of segment {segment.Number} knows");
        }
    }

    /// <summary>What the database or the reader says of a file or a value that is not what it should be.</summary>
    private static bool IsUnreadable(Exception failure) =>
        failure is DbException or InvalidCastException or FormatException or OverflowException or InvalidOperationException;

    private static string Missing(long from, long through) =>
        from == through ? "it is missing" : string.Create(CultureInfo.InvariantCulture, $"it is missing, as all are up to {through}");

    private bool Break(long id, string problem)
    {
        _broken ??= new BrokenRecord(id, problem);
        return false;
    }
}
