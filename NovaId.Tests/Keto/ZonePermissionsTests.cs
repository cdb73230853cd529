using System.Text.Json.Nodes;

namespace NovaId.Tests.Keto;

/// <summary>What the zone's own namespaces and tuples (ory-config/keto) grant.</summary>
public sealed class ZonePermissionsTests
{
    private static readonly string[] Ranks = ["Private", "Corporal", "Sergeant", "Lieutenant", "Captain", "Major", "Colonel", "General"];

    private static readonly Permissions Zone = new(
        File.ReadAllText(Path.Combine(KetoHost.OryConfig, "keto", "namespaces.keto.ts")),
        [
            .. JsonNode.Parse(KetoHost.SeedTuples)!.AsArray().Select(tuple => Tuples.Text(tuple!)),
            .. Ranks.Select(rank => $"Rank:{rank}#members@{rank}"),
            "Capability:users.view#granted@client:key",
            "Document:plan#owners@owner",
            "Document:plan#editors@editor",
            "Document:plan#editors@Rank:Captain#members",
            "Document:plan#viewers@viewer",
            "Document:plan#viewers@Rank:Corporal#members",
            "Document:plan#minimumRank@Rank:Major#",
        ]);

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var holder in Ranks)
            {
                foreach (var asked in Ranks)
                {
                    pairs.Add(holder, asked);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_rank_reaches_itself_and_all_below_and_commands_only_those_below(string holder, string asked)
    {
        var difference = Array.IndexOf(Ranks, holder) - Array.IndexOf(Ranks, asked);

        Assert.Equal(difference >= 0, Zone.Allows($"Rank:{asked}#atLeast@{holder}"));
        Assert.Equal(difference > 0, Zone.Allows($"Rank:{asked}#commands@{holder}"));
    }

    [Theory]
    [InlineData("users.view", "Sergeant")]
    [InlineData("logs.view", "Major")]
    [InlineData("users.edit", "Major")]
    [InlineData("ranks.assign", "Major")]
    [InlineData("users.deactivate", "Colonel")]
    [InlineData("permissions.manage", "Colonel")]
    [InlineData("keys.manage", "General")]
    public void A_capability_belongs_to_the_rank_that_it_requires_and_to_all_above(string capability, string required)
    {
        foreach (var rank in Ranks)
        {
            Assert.Equal(Array.IndexOf(Ranks, rank) >= Array.IndexOf(Ranks, required), Zone.Allows($"Capability:{capability}#allow@{rank}"));
        }
    }

    [Fact]
    public void A_capability_can_be_granted_outright_and_then_is_that_one_alone()
    {
        Assert.True(Zone.Allows("Capability:users.view#allow@client:key"));
        Assert.False(Zone.Allows("Capability:logs.view#allow@client:key"));
        Assert.False(Zone.Allows("Capability:users.view#allow@key"));
        Assert.False(Zone.Allows("Capability:no.such#allow@General"));
    }

    [Theory]
    [InlineData("owner", true, true, true)]
    [InlineData("editor", true, true, false)]
    [InlineData("viewer", true, false, false)]
    [InlineData("stranger", false, false, false)]
    [InlineData("Captain", true, true, false)]
    [InlineData("Corporal", true, false, false)]
    [InlineData("Major", true, false, false)]
    [InlineData("General", true, false, false)]
    [InlineData("Lieutenant", false, false, false)]
    [InlineData("Private", false, false, false)]
    public void A_document_is_open_to_whom_it_was_shared_with(string subject, bool view, bool edit, bool delete)
    {
        Assert.Equal(view, Zone.Allows($"Document:plan#view@{subject}"));
        Assert.Equal(edit, Zone.Allows($"Document:plan#edit@{subject}"));
        Assert.Equal(delete, Zone.Allows($"Document:plan#delete@{subject}"));
        Assert.False(Zone.Allows($"Document:other#view@{subject}"));
    }

    [Theory]
    [InlineData("Rank:Private#atLeast@General")]
    [InlineData("Capability:users.view#allow@General")]
    [InlineData("Document:plan#view@General")]
    public void The_longest_way_of_the_zone_needs_a_fraction_of_the_configured_depth(string question)
    {
        Assert.True(Zone.Allows(question, depth: 4));
        Assert.False(Zone.Allows(question, depth: 1));
    }
}
