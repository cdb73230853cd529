using NovaId.Api.Ranks;

namespace NovaId.Tests.Api;

public sealed class HierarchyTests
{
    public static TheoryData<string> Callers => [.. Enum.GetNames<Rank>(), ""];

    [Theory]
    [MemberData(nameof(Callers))]
    public void A_rank_changes_only_what_lies_wholly_below_it(string caller)
    {
        int level = caller.Length > 0 ? (int)Enum.Parse<Rank>(caller) : 0;
        var commanded = Enum.GetValues<Rank>().Where(rank => (int)rank < level).ToHashSet();
        IEnumerable<Rank?> every = [null, .. Enum.GetValues<Rank>().Select(rank => (Rank?)rank)];
        foreach (var present in every)
        {
            foreach (var next in every)
            {
                var refused = Hierarchy.FirstNotCommanded(commanded, present is { } held ? [held] : [], next);

                var isBelow = (present is null || (int)present < level) && (next is null || (int)next < level);
                Assert.True(
                    (refused is null) == isBelow,
                    $"{caller} changing {present?.ToString() ?? "no rank"} to {next?.ToString() ?? "no rank"}: {refused?.ToString() ?? "allowed"}");
            }
        }
    }

    [Fact]
    public void Whoever_holds_two_ranks_is_commanded_only_by_one_above_both() =>
        Assert.Equal(Rank.Colonel, Hierarchy.FirstNotCommanded(new HashSet<Rank> { Rank.Sergeant, Rank.Major }, [Rank.Colonel, Rank.Sergeant], null));

    [Theory]
    [InlineData("Major")]
    [InlineData("General")]
    public void Ranks_are_known_by_their_exact_names(string name)
    {
        Assert.True(RankNames.TryParse(name, out _));
        Assert.False(RankNames.TryParse(name.ToUpperInvariant(), out _));
        Assert.False(RankNames.TryParse($" {name}", out _));
        Assert.False(RankNames.TryParse(((int)Enum.Parse<Rank>(name)).ToString(System.Globalization.CultureInfo.InvariantCulture), out _));
    }
}
