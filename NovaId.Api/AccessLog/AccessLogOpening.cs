using System.Globalization;
using NovaId.Api.Configuration;
using NovaId.Api.Storage;

namespace NovaId.Api.AccessLog;

/// <summary>
/// Finds the log that is there, or begins one. It looks at the end of the chain, at the head in the database and at the head outside; that is
/// enough to know that the log can be continued, and takes no longer with a long log.
/// </summary>
internal sealed class AccessLogOpening(AccessLogOptions options, AccessLogFiles? files, SqliteDatabase documents, TimeProvider time)
{
    private const string Remedy = "Nothing was written. Run verify-log to see what is broken, and put the files back from a backup; or move all "
        + "files of the log aside, keep them as evidence, and start once with AccessLog:BeginAnew=true.";

    public async Task<(byte[] Key, List<LogSegment> Segments, SealedHead Head)> OpenAsync()
    {
        var beginning = new SealedHead(Segment: 1, First: 1, Last: 0, RecordChain.Beginning);
        if (files is null)
        {
            var generated = options.DecodedKey ?? AccessLogKey.Generate();
            return (generated, [await BeginAsync(generated, beginning)], beginning);
        }

        var numbers = files.Segments();
        var hasBegun = await HasBegunAsync();
        var key = AccessLogKey.Find(options, files);
        if (numbers.Count == 0)
        {
            if ((hasBegun && !options.BeginAnew) || File.Exists(files.Head))
            {
                throw new AccessLogBrokenException($"The access log is gone: there is no segment at '{files.Segment(1)}' or behind it. {Remedy}");
            }

            key ??= AccessLogKey.Create(files);
            return (key, [await BeginAsync(key, beginning)], beginning);
        }

        if (key is null)
        {
            throw new AccessLogBrokenException($"The key of the access log is missing: '{files.Key}' is not there, and AccessLog:Key says nothing. "
                + "Put it back.");
        }

        using var chain = new RecordChain(key);
        var segments = new List<LogSegment>();
        try
        {
            foreach (var number in numbers.SkipLast(1))
            {
                var closed = LogSegment.OpenForReading(number, files.Segment(number));
                segments.Add(closed);
                await closed.LoadAsync(default);
            }

            return (key, segments, await ContinueAsync(segments, numbers[^1], chain, hasBegun, beginning));
        }
        catch
        {
            foreach (var segment in segments)
            {
                await segment.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Writes down beside the documents that there is a log, so that its disappearance as a whole is noticed.</summary>
    public async Task RememberAsync() => await documents.WriteAsync(
        connection =>
        {
            using var table = connection.Command(
                "CREATE TABLE IF NOT EXISTS access_log_began (row INTEGER PRIMARY KEY CHECK (row = 1), time INTEGER NOT NULL) STRICT");
            table.ExecuteNonQuery();
            using var row = connection.Command(
                "INSERT OR IGNORE INTO access_log_began (row, time) VALUES (1, $time)",
                ("$time", time.GetUtcNow().ToUnixTimeMilliseconds()));
            return row.ExecuteNonQuery();
        },
        default);

    private async Task<LogSegment> BeginAsync(byte[] key, SealedHead beginning)
    {
        using var chain = new RecordChain(key);
        return await AccessLogStore.BeginAsync(files, chain, beginning, default);
    }

    private Task<bool> HasBegunAsync() => documents.ReadAsync(
        connection =>
        {
            using var command = connection.Command("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'access_log_began'");
            return command.ExecuteScalar() is 1L;
        },
        default);

    private async Task<SealedHead> ContinueAsync(
        List<LogSegment> segments,
        int number,
        RecordChain chain,
        bool hasBegun,
        SealedHead beginning)
    {
        var head = await OpenLastAsync(segments, number, chain, beginning);
        var (witnesses, problem) = LogVerifier.ReadHeadFile(files, chain);

        // The file of the head is made after the first segment, and before the first record.
        if (problem is not null && (hasBegun || head.Last > 0))
        {
            throw new AccessLogBrokenException($"{problem} {Remedy}");
        }

        foreach (var witness in witnesses.Where(witness => witness.Id >= head.First && witness.Id > 0))
        {
            if (witness.Id > head.Last)
            {
                throw Broken($"the head file knows record {witness.Id}, and the last one that is there is {head.Last}.");
            }

            var segment = segments.LastOrDefault(segment => segment.First > 0 && segment.First <= witness.Id);
            var found = segment is null ? null : (await segment.FindAsync(witness.Id, default)).Hash;
            if (!witness.Hash.AsSpan().SequenceEqual(found))
            {
                throw Broken($"record {witness.Id} is not the one that the head file knows.");
            }
        }

        return head;
    }

    /// <summary>Opens the last segment to write on; its head must be sealed and agree with its last record.</summary>
    private async Task<SealedHead> OpenLastAsync(List<LogSegment> segments, int number, RecordChain chain, SealedHead beginning)
    {
        var last = LogSegment.Open(number, files!.Segment(number));
        var closed = segments.LastOrDefault();
        segments.Add(last);
        await last.LoadAsync(default);
        if (await last.ReadHeadAsync(default) is not var (head, seal))
        {
            if (last.First > 0)
            {
                throw Broken($"segment {number} has no head.");
            }

            // The process ended between making the file and writing the head to it.
            var before = closed is null ? beginning : (await closed.ReadHeadAsync(default))?.Head ?? throw Broken($"segment {closed.Number} has no head.");
            head = before with { Segment = number };
            seal = chain.Seal(head);
            await last.BeginAsync(head, seal, default);
        }

        if (!chain.IsSealed(head, seal))
        {
            throw Broken($"the head of segment {number} was changed, or sealed with another key than this one.");
        }

        var (hash, lastId) = await last.FindAsync(head.Last, default);
        var isAgreed = last.First == 0 ? closed is not null || head.Last == 0 : lastId == head.Last && head.Hash.AsSpan().SequenceEqual(hash);
        return head.Segment == number && isAgreed
            ? head
            : throw Broken($"segment {number} does not end as its head says, at record {head.Last}.");
    }

    private static AccessLogBrokenException Broken(FormattableString what) =>
        new($"The access log is broken: {what.ToString(CultureInfo.InvariantCulture)} {Remedy}");
}
