using System.Collections.Immutable;
using TupleRows = System.Collections.Immutable.ImmutableSortedSet<NovaId.Emulator.Keto.Tuples.TupleRow>;

namespace NovaId.Emulator.Keto.Tuples;

/// <summary>
/// All tuples at one moment. It never changes, so whoever reads it sees a transaction whole or not at all; what a check asks for is
/// indexed, so its cost does not grow with the store.
/// </summary>
internal sealed class TupleSnapshot
{
    public static readonly TupleSnapshot Empty = new(
        0,
        TupleRows.Empty.WithComparer(TupleRow.InOrder),
        ImmutableDictionary<RelationTuple, TupleRows>.Empty,
        ImmutableDictionary<SubjectSet, TupleRows>.Empty,
        ImmutableDictionary<SubjectSet, TupleRows>.Empty,
        ImmutableDictionary<Subject, TupleRows>.Empty);

    private static readonly TupleRows NoRows = TupleRows.Empty.WithComparer(TupleRow.InOrder);

    private readonly long _last;
    private readonly TupleRows _rows;
    private readonly ImmutableDictionary<RelationTuple, TupleRows> _byTuple;
    private readonly ImmutableDictionary<SubjectSet, TupleRows> _bySet;
    private readonly ImmutableDictionary<SubjectSet, TupleRows> _nestedBySet;
    private readonly ImmutableDictionary<Subject, TupleRows> _bySubject;

    private TupleSnapshot(
        long last,
        TupleRows rows,
        ImmutableDictionary<RelationTuple, TupleRows> byTuple,
        ImmutableDictionary<SubjectSet, TupleRows> bySet,
        ImmutableDictionary<SubjectSet, TupleRows> nestedBySet,
        ImmutableDictionary<Subject, TupleRows> bySubject)
    {
        _last = last;
        _rows = rows;
        _byTuple = byTuple;
        _bySet = bySet;
        _nestedBySet = nestedBySet;
        _bySubject = bySubject;
    }

    public bool Contains(RelationTuple tuple) => _byTuple.ContainsKey(tuple);

    /// <summary>The subject sets that belong to a subject set, in the order of writing.</summary>
    /// <remarks>Keto's order is by a random id of the row: whoever depends on any order depends on chance there.</remarks>
    public IReadOnlyCollection<TupleRow> SubjectSetsIn(SubjectSet set) => _nestedBySet.GetValueOrDefault(set, NoRows);

    /// <summary>The rows that match a query, in the order of writing.</summary>
    /// <param name="query">The filter.</param>
    /// <param name="after">The last row already seen; 0 to begin.</param>
    /// <param name="limit">How many at most.</param>
    public List<TupleRow> Find(TupleQuery query, long after = 0, int limit = int.MaxValue)
    {
        var candidates = Candidates(query);
        var at = candidates.IndexOf(new TupleRow(after, null!));
        List<TupleRow> found = [];
        for (var i = at < 0 ? ~at : at + 1; i < candidates.Count && found.Count < limit; i++)
        {
            if (query.Matches(candidates[i].Tuple))
            {
                found.Add(candidates[i]);
            }
        }

        return found;
    }

    /// <summary>The snapshot after a transaction: everything is inserted, and then everything deleted that equals a deletion.</summary>
    public TupleSnapshot With(IEnumerable<RelationTuple> insertions, IEnumerable<RelationTuple> deletions)
    {
        var change = new Change(this);
        foreach (var tuple in insertions)
        {
            change.Add(tuple);
        }

        foreach (var tuple in deletions)
        {
            change.Remove(tuple);
        }

        return change.Result();
    }

    /// <summary>The snapshot without what matches a query.</summary>
    public TupleSnapshot Without(TupleQuery query) => With([], Find(query).Select(row => row.Tuple).Distinct());

    private TupleRows Candidates(TupleQuery query) => query switch
    {
        { Namespace: { } ns, Object: { } obj, Relation: { } relation, Subject: { } subject } =>
            _byTuple.GetValueOrDefault(new RelationTuple(new SubjectSet(ns, obj, relation), subject), NoRows),
        { Namespace: { } ns, Object: { } obj, Relation: { } relation } =>
            _bySet.GetValueOrDefault(new SubjectSet(ns, obj, relation), NoRows),
        { Subject: { } subject } => _bySubject.GetValueOrDefault(subject, NoRows),
        _ => _rows,
    };

    /// <summary>A snapshot in the making.</summary>
    private sealed class Change(TupleSnapshot before)
    {
        private readonly TupleRows.Builder _rows = before._rows.ToBuilder();
        private readonly ImmutableDictionary<RelationTuple, TupleRows>.Builder _byTuple = before._byTuple.ToBuilder();
        private readonly ImmutableDictionary<SubjectSet, TupleRows>.Builder _bySet = before._bySet.ToBuilder();
        private readonly ImmutableDictionary<SubjectSet, TupleRows>.Builder _nestedBySet = before._nestedBySet.ToBuilder();
        private readonly ImmutableDictionary<Subject, TupleRows>.Builder _bySubject = before._bySubject.ToBuilder();
        private long _last = before._last;

        public void Add(RelationTuple tuple)
        {
            var row = new TupleRow(++_last, tuple);
            _rows.Add(row);
            Add(_byTuple, tuple, row);
            Add(_bySet, tuple.Set, row);
            Add(_bySubject, tuple.Subject, row);
            if (tuple.Subject is SubjectSet)
            {
                Add(_nestedBySet, tuple.Set, row);
            }
        }

        public void Remove(RelationTuple tuple)
        {
            foreach (var row in _byTuple.GetValueOrDefault(tuple, NoRows))
            {
                _rows.Remove(row);
                Remove(_byTuple, tuple, row);
                Remove(_bySet, tuple.Set, row);
                Remove(_bySubject, tuple.Subject, row);
                Remove(_nestedBySet, tuple.Set, row);
            }
        }

        public TupleSnapshot Result() => new(
            _last,
            _rows.ToImmutable(),
            _byTuple.ToImmutable(),
            _bySet.ToImmutable(),
            _nestedBySet.ToImmutable(),
            _bySubject.ToImmutable());

        private static void Add<TKey>(ImmutableDictionary<TKey, TupleRows>.Builder index, TKey key, TupleRow row)
            where TKey : notnull => index[key] = index.GetValueOrDefault(key, NoRows).Add(row);

        private static void Remove<TKey>(ImmutableDictionary<TKey, TupleRows>.Builder index, TKey key, TupleRow row)
            where TKey : notnull
        {
            if (!index.TryGetValue(key, out var rows))
            {
                return;
            }

            rows = rows.Remove(row);
            if (rows.IsEmpty)
            {
                index.Remove(key);
            }
            else
            {
                index[key] = rows;
            }
        }
    }
}
