namespace NovaId.Emulator.Keto.Tuples;

/// <summary>The relation tuples, in memory. Readers take the <see cref="Current"/> snapshot and never wait; writers take turns.</summary>
internal sealed class TupleStore
{
    private readonly Lock _writing = new();
    private volatile TupleSnapshot _current = TupleSnapshot.Empty;

    public TupleSnapshot Current => _current;

    /// <summary>Inserts and then deletes, as one transaction. A deletion takes all copies of a tuple.</summary>
    public void Transact(IEnumerable<RelationTuple> insertions, IEnumerable<RelationTuple> deletions)
    {
        lock (_writing)
        {
            _current = _current.With(insertions, deletions);
        }
    }

    /// <summary>Deletes everything that matches.</summary>
    public void Delete(TupleQuery query)
    {
        lock (_writing)
        {
            _current = _current.Without(query);
        }
    }
}
