namespace NovaId.Bench.Measurement;

/// <summary>A zone of a certain size whose paths are compared with those of the smallest.</summary>
/// <param name="What">What grew; empty for the smallest zone.</param>
/// <param name="Identities">How many identities it has.</param>
/// <param name="Tuples">How many relation tuples besides those of the configuration.</param>
/// <param name="Rules">How many access rules; null for those of the configuration.</param>
internal sealed record GrowthZone(string What, int Identities, int Tuples, int? Rules = null)
{
    public const string IdentitiesGrew = "identities";
    public const string TuplesGrew = "relation tuples";
    public const string RulesGrew = "access rules";
    private const string NothingGrew = "smallest, once more";

    public static GrowthZone Smallest { get; } = new("", 10, 10);

    /// <summary>As small as the smallest: how far the two differ is how far two zones differ of which nothing has grown.</summary>
    public static GrowthZone Twin { get; } = Smallest with { What = NothingGrew };

    /// <summary>The size of what grew.</summary>
    public int Size => What switch
    {
        IdentitiesGrew => Identities,
        TuplesGrew => Tuples,
        RulesGrew => Rules!.Value,
        _ => Smallest.Identities,
    };

    public static GrowthZone OfIdentities(int count) => Smallest with { What = IdentitiesGrew, Identities = count };

    public static GrowthZone OfTuples(int count) => Smallest with { What = TuplesGrew, Tuples = count };

    public static GrowthZone OfRules(int count) => Smallest with { What = RulesGrew, Rules = count };

    public override string ToString() => What.Length == 0 ? "smallest" : What == NothingGrew ? What : FormattableString.Invariant($"{Size:N0} {What}");
}
