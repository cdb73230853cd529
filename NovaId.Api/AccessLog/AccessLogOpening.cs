using System.Globalization;
using NovaId.Api.Configuration;

namespace NovaId.Api.AccessLog;

/// <summary>
/// Finds the log that is there, or begins one. It looks at the end of the chain, at the head in the database and at the head outside; that is
/// enough to know that the log can be continued, and takes no longer with a long log.
/// </summary>
internal sealed class AccessLogOpening(AccessLogOptions options, LogPlace place)
{
    private const string Remedy = "Nothing was written. Run verify-log to see what is broken, and put the log back from a backup; or move all "
        + "of the log aside, keep it as evidence, and start once with AccessLog:BeginAnew=true.";

    private static readonly SealedHead Beginning = new(Segment: 1, First: 1, Last: 0, RecordChain.Beginning);

    /// <exception cref="AccessLogBrokenException">What is there cannot be continued.</exception>
    public async Task<(byte[] Key, List<LogSegment> Segments, SealedHead Head)> OpenAsync(CancellationToken cancellationToken)
    {
        if (place.IsForgotten)
        {
            var generated = place.FindKey() ?? place.CreateKey();
            return (generated, [await BeginAsync(generated, cancellationToken)], Beginning);
        }

        var numbers = await place.SegmentsAsync(cancellationToken);
        var hasBegun = await place.HasBegunAsync(cancellationToken);
        var key = place.FindKey();
        if (numbers.Count == 0)
        {
            if ((hasBegun && !options.BeginAnew) || File.Exists(place.HeadFile))
            {
                throw Gone();
            }

            key ??= place.CreateKey();
            return (key, [await BeginAsync(key, cancellationToken)], Beginning);
        }

        if (key is null)
        {
            throw new AccessLogBrokenException($"The key of the access log is missing: {place.MissingKey}");
        }

        using var chain = new RecordChain(key);
        var (segments, head) = await ReadAsync(numbers, chain, cancellationToken);
        try
        {
            await CompareAsync(segments, head, chain, hasBegun, cancellationToken);
            return (key, segments, head);
        }
        catch
        {
            await DisposeAsync(segments);
            throw;
        }
    }

    /// <summary>Opens the segments: all to read but the last, whose head must be sealed and agree with its last record.</summary>
    /// <exception cref="AccessLogBrokenException">It does not.</exception>
    public async Task<(List<LogSegment> Segments, SealedHead Head)> ReadAsync(
        IReadOnlyList<int> numbers,
        RecordChain chain,
        CancellationToken cancellationToken)
    {
        if (numbers.Count == 0)
        {
            throw Gone();
        }

        var segments = new List<LogSegment>();
        try
        {
            foreach (var number in numbers.SkipLast(1))
            {
                var closed = LogSegment.OpenForReading(place, number);
                segments.Add(closed);
                await closed.LoadAsync(cancellationToken);
            }

            return (segments, await OpenLastAsync(segments, numbers[^1], chain, cancellationToken));
        }
        catch
        {
            await DisposeAsync(segments);
            throw;
        }
    }

    /// <summary>What the log must still hold, because somebody has seen it.</summary>
    /// <exception cref="AccessLogBrokenException">It does not.</exception>
    public static async Task VerifyAsync(
        IReadOnlyList<LogSegment> segments,
        SealedHead head,
        Witness witness,
        CancellationToken cancellationToken)
    {
        if (witness.Id < head.First || witness.Id == 0)
        {
            return;
        }

        if (witness.Id > head.Last)
        {
            throw Broken($"{witness.Name} knows record {witness.Id}, and the last one that is there is {head.Last}.");
        }

        var segment = segments.LastOrDefault(segment => segment.First > 0 && segment.First <= witness.Id);
        var found = segment is null ? null : (await segment.FindAsync(witness.Id, cancellationToken)).Hash;
        if (!witness.Hash.AsSpan().SequenceEqual(found))
        {
            throw Broken($"record {witness.Id} is not the one that {witness.Name} knows.");
        }
    }

    private static async Task DisposeAsync(List<LogSegment> segments)
    {
        foreach (var segment in segments)
        {
            await segment.DisposeAsync();
        }
    }

    private async Task<LogSegment> BeginAsync(byte[] key, CancellationToken cancellationToken)
    {
        using var chain = new RecordChain(key);
        return await AccessLogStore.BeginAsync(place, chain, Beginning, cancellationToken);
    }

    private async Task CompareAsync(
        List<LogSegment> segments,
        SealedHead head,
        RecordChain chain,
        bool hasBegun,
        CancellationToken cancellationToken)
    {
        // Of a log that others write to, an instance that is new has seen nothing yet.
        var (witnesses, problem) = place.IsShared && !File.Exists(place.HeadFile) ? ([], null) : LogVerifier.ReadHeadFile(place.HeadFile, chain);

        // The file of the head is made after the first segment, and before the first record.
        if (problem is not null && (hasBegun || head.Last > 0))
        {
            throw new AccessLogBrokenException($"{problem} {Remedy}");
        }

        foreach (var witness in witnesses)
        {
            await VerifyAsync(segments, head, witness, cancellationToken);
        }
    }

    private async Task<SealedHead> OpenLastAsync(List<LogSegment> segments, int number, RecordChain chain, CancellationToken cancellationToken)
    {
        var last = await LogSegment.OpenAsync(place, number, cancellationToken);
        var closed = segments.LastOrDefault();
        segments.Add(last);
        await last.LoadAsync(cancellationToken);
        if (await last.ReadHeadAsync(cancellationToken) is not var (head, seal))
        {
            if (last.First > 0)
            {
                throw Broken($"segment {number} has no head.");
            }

            // The process ended between making the segment and writing the head to it.
            var before = closed is null
                ? Beginning
                : (await closed.ReadHeadAsync(cancellationToken))?.Head ?? throw Broken($"segment {closed.Number} has no head.");
            head = before with { Segment = number };
            seal = chain.Seal(head);
            await last.BeginAsync(head, seal, cancellationToken);
        }

        if (!chain.IsSealed(head, seal))
        {
            throw Broken($"the head of segment {number} was changed, or sealed with another key than this one.");
        }

        var (hash, lastId) = await last.FindAsync(head.Last, cancellationToken);
        var isAgreed = last.First == 0 ? closed is not null || head.Last == 0 : lastId == head.Last && head.Hash.AsSpan().SequenceEqual(hash);
        return head.Segment == number && isAgreed
            ? head
            : throw Broken($"segment {number} does not end as its head says, at record {head.Last}.");
    }

    private AccessLogBrokenException Gone() =>
        new($"The access log is gone: there is no segment at {place.FirstSegment} or behind it. {Remedy}");

    private static AccessLogBrokenException Broken(FormattableString what) =>
        new($"The access log is broken: {what.ToString(CultureInfo.InvariantCulture)} {Remedy}");
}
