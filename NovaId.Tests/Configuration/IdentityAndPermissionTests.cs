using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NovaId.Tests.Gateway;

namespace NovaId.Tests.Configuration;

public sealed partial class IdentityAndPermissionTests
{
    [Fact]
    public void The_identity_schema_takes_no_trait_that_it_does_not_name()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(TestGateway.RealFolder, "kratos", "person.schema.json")))!;

        var objects = Objects(schema).ToList();

        Assert.True(objects.Count >= 3);
        Assert.All(objects, o => Assert.False((bool)o["additionalProperties"]!));
    }

    [Fact]
    public void No_trait_says_anything_about_power()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(TestGateway.RealFolder, "kratos", "person.schema.json")))!;
        var traits = Objects(schema["properties"]!["traits"]!).SelectMany(o => o["properties"]!.AsObject()).Select(property => property.Key);

        Assert.DoesNotContain(traits, trait => Power().IsMatch(trait));
    }

    [Fact]
    public void Every_tuple_speaks_of_a_namespace_and_a_relation_of_the_permission_language()
    {
        var namespaces = ReadNamespaces();
        var tuples = JsonNode.Parse(File.ReadAllText(Path.Combine(TestGateway.RealFolder, "keto", "relation-tuples.json")))!.AsArray();

        Assert.NotEmpty(tuples);
        Assert.All(tuples, tuple =>
        {
            Assert.Contains((string)tuple!["relation"]!, namespaces[(string)tuple["namespace"]!]);
            if (tuple["subject_set"] is { } set)
            {
                var relation = (string)set["relation"]!;
                Assert.True(relation.Length == 0 || namespaces[(string)set["namespace"]!].Contains(relation));
                Assert.True(namespaces.ContainsKey((string)set["namespace"]!));
            }
        });
    }

    [Fact]
    public void Every_rank_below_names_every_rank_above_and_no_other()
    {
        string[] ranks = ["General", "Colonel", "Major", "Captain", "Lieutenant", "Sergeant", "Corporal", "Private"];
        var tuples = JsonNode.Parse(File.ReadAllText(Path.Combine(TestGateway.RealFolder, "keto", "relation-tuples.json")))!.AsArray();

        var higher = tuples.Where(tuple => (string)tuple!["relation"]! == "higher")
            .Select(tuple => $"{tuple!["object"]} < {tuple["subject_set"]!["object"]}#{tuple["subject_set"]!["relation"]}");

        var expected = ranks.SelectMany((rank, level) => ranks.Take(level), (rank, above) => $"{rank} < {above}#members");
        Assert.Equal(expected.Order(), higher.Order());
    }

    [Fact]
    public void No_permission_is_decided_by_a_negation() =>
        Assert.DoesNotContain('!', WithoutComments(File.ReadAllText(Path.Combine(TestGateway.RealFolder, "keto", "namespaces.keto.ts"))));

    private static Dictionary<string, HashSet<string>> ReadNamespaces()
    {
        var text = WithoutComments(File.ReadAllText(Path.Combine(TestGateway.RealFolder, "keto", "namespaces.keto.ts")));
        return ClassBody().Matches(text).ToDictionary(
            match => match.Groups["name"].Value,
            match => Related().Match(match.Groups["body"].Value) is { Success: true } related
                ? RelationName().Matches(related.Groups["relations"].Value).Select(relation => relation.Groups[1].Value).ToHashSet()
                : []);
    }

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    private static IEnumerable<JsonObject> Objects(JsonNode node)
    {
        if (node is not JsonObject schema)
        {
            yield break;
        }

        if (schema["type"] is JsonValue type && (string?)type == "object")
        {
            yield return schema;
        }

        foreach (var child in schema["properties"]?.AsObject().SelectMany(property => Objects(property.Value!)) ?? [])
        {
            yield return child;
        }
    }

    [GeneratedRegex("rank|role|unit|admin|permission|capabilit|group|scope", RegexOptions.IgnoreCase)]
    private static partial Regex Power();

    [GeneratedRegex(@"class\s+(?<name>\w+)\s+implements\s+Namespace\s*\{(?<body>.*?)(?=\nclass\s|\z)", RegexOptions.Singleline)]
    private static partial Regex ClassBody();

    [GeneratedRegex(@"related\s*:\s*\{(?<relations>[^}]*)\}")]
    private static partial Regex Related();

    [GeneratedRegex(@"(\w+)\s*:")]
    private static partial Regex RelationName();

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
