using System.Globalization;
using NovaId.Pages;

namespace NovaId.Admin.Why;

/// <summary>Facts and ways in words.</summary>
internal static class WhyTexts
{
    public static string Of(WhyFact fact) => fact switch
    {
        { Namespace: "Rank", Relation: "members" } => Texts.Fact_Member.Fill(fact.Object),
        { Namespace: "Rank", Relation: "higher" } => Texts.Fact_Higher.Fill(fact.Rank, fact.Object),
        { Namespace: "Capability", Relation: "requires" } => Texts.Fact_Requires.Fill(Ranks.CapabilityTexts.Of(fact.Object), fact.Rank),
        { Namespace: "Capability", Relation: "granted" } => Texts.Fact_Granted.Fill(Ranks.CapabilityTexts.Of(fact.Object)),
        { Relation: "minimumRank" } => Texts.Fact_MinimumRank.Fill(fact.Rank),
        { Rank: { } rank } => Texts.Fact_DocumentRank.Fill(rank, Part(fact.Relation)),
        _ => Texts.Fact_DocumentPerson.Fill(Part(fact.Relation)),
    };

    public static string Of(WhyWay way) =>
        (Texts.ResourceManager.GetString($"Way_{way.Kind}", CultureInfo.CurrentUICulture) ?? way.Kind).Fill(way.Rank);

    private static string Part(string relation) => Texts.ResourceManager.GetString($"Part_{relation}", CultureInfo.CurrentUICulture) ?? relation;
}
