using NovaId.Emulator.Keto.Tuples;

namespace NovaId.Tests.Keto;

public sealed class TupleStoreTests
{
    private readonly TupleStore _store = new();

    [Fact]
    public void What_is_written_twice_is_there_twice_and_deleted_at_once()
    {
        Insert("Rank:a#members@ann", "Rank:a#members@ann", "Rank:a#members@bob");
        Assert.Equal(3, Find(Query()).Count);

        _store.Transact([], [Tuples.Parse("Rank:a#members@ann")]);

        Assert.Equal("bob", ((SubjectId)Assert.Single(Find(Query())).Tuple.Subject).Id);
        Assert.False(_store.Current.Contains(Tuples.Parse("Rank:a#members@ann")));
    }

    [Fact]
    public void A_transaction_inserts_first_and_deletes_then()
    {
        var tuple = Tuples.Parse("Rank:a#members@ann");

        _store.Transact([tuple], [tuple]);

        Assert.Empty(Find(Query()));
        Assert.False(_store.Current.Contains(tuple));
    }

    [Fact]
    public void A_transaction_that_fails_on_the_way_leaves_nothing_behind()
    {
        Insert("Rank:a#members@ann");

        static IEnumerable<RelationTuple> Broken()
        {
            yield return Tuples.Parse("Rank:a#members@bob");
            throw new InvalidOperationException("broken");
        }

        Assert.Throws<InvalidOperationException>(() => _store.Transact(Broken(), [Tuples.Parse("Rank:a#members@ann")]));

        Assert.Equal("ann", ((SubjectId)Assert.Single(Find(Query())).Tuple.Subject).Id);
    }

    [Theory]
    [InlineData(null, null, null, null, 6)]
    [InlineData("Rank", null, null, null, 5)]
    [InlineData("Rank", "a", null, null, 4)]
    [InlineData("Rank", "a", "members", null, 3)]
    [InlineData("Rank", "a", "members", "ann", 1)]
    [InlineData("Rank", null, "members", "ann", 2)]
    [InlineData(null, null, null, "ann", 3)]
    [InlineData(null, "a", null, null, 5)]
    [InlineData("Rank", "A", null, null, 0)]
    [InlineData("Rank", "none", "members", null, 0)]
    public void A_query_finds_what_matches_all_that_it_names(string? ns, string? obj, string? relation, string? subject, int count)
    {
        Insert(
            "Rank:a#members@ann",
            "Rank:a#members@bob",
            "Rank:a#members@Rank:b#members",
            "Rank:a#higher@Rank:b#members",
            "Rank:b#members@ann",
            "Document:a#owners@ann");

        Assert.Equal(count, Find(new TupleQuery(ns, obj, relation, subject is null ? null : new SubjectId(subject))).Count);
    }

    [Fact]
    public void Pages_follow_each_other_without_gap_or_overlap_while_others_write()
    {
        Insert([.. Enumerable.Range(0, 10).Select(i => $"Rank:a#members@m{i}")]);
        List<string> seen = [];
        long after = 0;
        while (_store.Current.Find(Query(), after, 3) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(row => ((SubjectId)row.Tuple.Subject).Id));
            after = page[^1].Sequence;
            if (seen.Count == 3)
            {
                // The last row of the page, a row before it, and one to come.
                _store.Transact([Tuples.Parse("Rank:a#members@late")], [.. new[] { "m2", "m0", "m5" }.Select(id => Tuples.Parse($"Rank:a#members@{id}"))]);
            }
        }

        Assert.Equal(["m0", "m1", "m2", "m3", "m4", "m6", "m7", "m8", "m9", "late"], seen);
    }

    [Fact]
    public void Deleting_by_query_leaves_the_rest()
    {
        Insert("Rank:a#members@ann", "Rank:a#higher@Rank:b#members", "Rank:b#members@ann", "Document:a#owners@ann");

        _store.Delete(new TupleQuery("Rank", "a", null, null));

        Assert.Equal(2, Find(new TupleQuery(null, null, null, null)).Count);
        Assert.Empty(_store.Current.SubjectSetsIn(new SubjectSet("Rank", "a", "higher")));
    }

    [Fact]
    public async Task A_reader_never_sees_half_of_a_transaction()
    {
        Insert("Rank:a#members@ann");
        var (a, b) = (Tuples.Parse("Rank:a#members@ann"), Tuples.Parse("Rank:b#members@ann"));
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    _store.Transact([b], [a]);
                    _store.Transact([a], [b]);
                }
            },
            TestContext.Current.CancellationToken);

        for (var i = 0; i < 50_000; i++)
        {
            var snapshot = _store.Current;
            Assert.True(snapshot.Contains(a) ^ snapshot.Contains(b));
        }

        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public async Task Writers_at_the_same_time_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(
            () =>
            {
                for (var i = 0; i < 250; i++)
                {
                    Insert($"Rank:a#members@{writer}-{i}");
                }
            },
            TestContext.Current.CancellationToken)));

        var rows = Find(Query());
        Assert.Equal(2_000, rows.Count);
        Assert.Equal(2_000, rows.Select(row => row.Sequence).Distinct().Count());
    }

    private static TupleQuery Query() => new("Rank", "a", "members", null);

    private List<TupleRow> Find(TupleQuery query) => _store.Current.Find(query);

    private void Insert(params IEnumerable<string> tuples) => _store.Transact(tuples.Select(Tuples.Parse), []);
}
