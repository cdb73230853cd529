namespace NovaId.Emulator.Keto.Tuples;

/// <summary>A tuple as a row. Nothing makes a tuple unique, in Keto's table neither: what is written twice is there twice.</summary>
/// <param name="Sequence">Its place in the order of writing.</param>
/// <param name="Tuple">The tuple.</param>
internal readonly record struct TupleRow(long Sequence, RelationTuple Tuple)
{
    public static readonly IComparer<TupleRow> InOrder = Comparer<TupleRow>.Create((a, b) => a.Sequence.CompareTo(b.Sequence));
}
