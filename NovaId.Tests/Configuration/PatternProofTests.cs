using NovaId.Emulator.Gateway.Rules;
using NovaId.Tests.Configuration.Proofs;

namespace NovaId.Tests.Configuration;

/// <summary>The proof itself: it must read a pattern as the gateway does, and find what was planted.</summary>
public sealed class PatternProofTests
{
    private static readonly string[] Samples =
    [
        "", "a", "b", "ab", "aab", "abc", "health", "healthy", "public", "docs", "docs/", "docs/x", "docsx", "openapi.json", "openapiXjson",
        "me", "users/1", "health\n", "health\n\n", "a\n", "A", "0", "a-b", "01234567", "0123456", "012345678", "~", "/", "//", "a/b/c",
    ];

    [Theory]
    [InlineData("http://h/<[^/]+>")]
    [InlineData("http://h/<.*>")]
    [InlineData("http://h/<(a|b)+>")]
    [InlineData("http://h/<a?b{1,2}c*>")]
    [InlineData("http://h/<[0-9a-f]{8}>")]
    [InlineData("http://h/<[0-9a-f]{2,}>")]
    [InlineData("http://h/<[A-Za-z0-9._~-]{1,128}>")]
    [InlineData("http://h/<(health|public)>")]
    [InlineData(@"http://h/<(openapi\.json|docs(/.*)?)>")]
    [InlineData(@"http://h/<(?!(health|public|openapi\.json)$|docs(/|$)).+>")]
    [InlineData("http://h/<(?!a)[a-z]+>")]
    [InlineData("http://h/<(?!.*b)[a-z]+>")]
    [InlineData("http://h/a<$>")]
    public void A_pattern_means_to_the_proof_what_it_means_to_the_gateway(string url)
    {
        var language = PatternCompiler.Compile(url);
        var pattern = RulePattern.Parse(url);

        Assert.All(Samples, sample => Assert.Equal(pattern.IsMatch("http://h/" + sample), language.Contains("http://h/" + sample)));
        Assert.NotNull(language.Witness());
        Assert.True(pattern.IsMatch(language.Witness()!));
    }

    [Theory]
    [InlineData("a<.*?>")]
    [InlineData(@"a<\d>")]
    [InlineData("a<(?=b)c>")]
    [InlineData("a<(a$)*>")]
    [InlineData("a<^b>")]
    public void A_pattern_that_the_proof_cannot_read_is_not_guessed_at(string url) =>
        Assert.Throws<NotSupportedException>(() => PatternCompiler.Compile(url));

    [Fact]
    public void A_language_and_its_complement_share_nothing_and_leave_nothing_out()
    {
        var language = PatternCompiler.Compile("<(a|bc)*d{2,3}>");

        Assert.Null(Language.Intersect(language, Language.Complement(language)).Witness());
        Assert.Null(Language.Complement(Language.Union(language, Language.Complement(language))).Witness());
        Assert.Equal("dd", language.Witness());
    }

    [Fact]
    public void A_planted_overlap_is_found_with_a_URL_that_both_rules_match()
    {
        var rules = Rules(("one", "GET, POST", "/api/<[a-z]+>/x"), ("two", "POST", "/api/<(?!users/)[a-z/]+x>"), ("three", "PUT", "/api/<.+>"));

        var found = Assert.Single(RuleProver.Overlaps(rules));

        Assert.StartsWith("one and two both match POST http", found, StringComparison.Ordinal);
        var url = found.Split(' ')[^1];
        Assert.All(rules.Take(2), rule => Assert.True(RulePattern.Parse(rule.Url).IsMatch(url)));
    }

    [Fact]
    public void Rules_that_only_nearly_meet_are_not_accused()
    {
        var rules = Rules(
            ("one", "GET", @"/api/<(?!(health|public)$|docs(/|$)).+>"), ("two", "GET", "/api/<(health|public)>"), ("three", "GET", "/api/<docs(/.*)?>"));

        Assert.Empty(RuleProver.Overlaps(rules));
        Assert.Empty(RuleProver.Dead(rules));
    }

    [Theory]
    [InlineData("/x/<(?!a)a>")]
    [InlineData("/x/")]
    [InlineData("//x")]
    [InlineData("/x/../y")]
    [InlineData("/x/<(a|b)/>")]
    public void A_planted_dead_rule_is_found(string path) =>
        Assert.Equal(["dead matches no request"], RuleProver.Dead(Rules(("alive", "GET", "/y"), ("dead", "GET", path))));

    [Fact]
    public void A_rule_that_others_cover_between_them_is_found()
    {
        var rules = Rules(("a", "GET", "/x/<a.*>"), ("rest", "GET", "/x/<[^a].*>"), ("dead", "GET", "/x/<(a|b)[0-9]+>"));

        Assert.Equal(["dead is covered by other rules"], RuleProver.Dead(rules));
    }

    [Theory]
    [InlineData("- handler: noop", "service token alone")]
    [InlineData("- handler: oauth2_introspection\n  config: { target_audience: [novaid-gateway] }", "one scope")]
    [InlineData("- handler: oauth2_introspection\n  config: { target_audience: [novaid-gateway], required_scope: [other.scope] }", "not its own")]
    [InlineData("- handler: oauth2_introspection\n  config: { target_audience: [novaid-api], required_scope: [kratos.all] }", "audience")]
    [InlineData("- handler: oauth2_introspection\n  config: { required_scope: [kratos.all] }", "audience")]
    [InlineData("- handler: oauth2_introspection\n  config: { target_audience: [novaid-gateway], required_scope: [kratos.all], scope_strategy: wildcard }", "exactly")]
    [InlineData("- handler: oauth2_introspection\n  config: { target_audience: [novaid-gateway], required_scope: [kratos.all] }\n- handler: cookie_session", "service token alone")]
    public void A_planted_open_admin_rule_is_found(string authenticators, string why)
    {
        using var file = new TemporaryFile(Gateway.TestGateway.Rule("/svc/x", id: "svc-kratos-all", upstream: "http://kratos:4434", authenticators: authenticators));

        Assert.Contains(RuleProver.OpenAdminRules(ConfiguredRule.Read(file.Path)), found => found.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void A_planted_open_rule_on_the_gateways_own_api_is_found_and_the_public_keys_are_none()
    {
        using var open = new TemporaryFile(Gateway.TestGateway.Rule("/gw/<.+>", id: "open", upstream: "http://127.0.0.1:4456"));
        using var keys = new TemporaryFile(Gateway.TestGateway.Rule("/gw/.well-known/jwks.json", id: "keys", upstream: "http://127.0.0.1:4456"));

        Assert.Single(RuleProver.OpenAdminRules(ConfiguredRule.Read(open.Path)));
        Assert.Empty(RuleProver.OpenAdminRules(ConfiguredRule.Read(keys.Path)));
    }

    [Fact]
    public void A_planted_rule_that_leads_nowhere_is_found()
    {
        var operations = new Dictionary<string, string[]?> { ["kratos:4434"] = ["GET /admin/identities/{id}"], ["api:8080"] = null };
        using var file = new TemporaryFile(
            Gateway.TestGateway.Rule("/a", id: "stranger", upstream: "http://elsewhere:1") +
            Gateway.TestGateway.Rule("/svc/<.+>", id: "wide", upstream: "http://kratos:4434", more: "strip_path: /svc") +
            Gateway.TestGateway.Rule("/b/<.+>", id: "kept", upstream: "http://api:8080", more: "strip_path: /c") +
            Gateway.TestGateway.Rule("/d/admin/x", id: "lost", upstream: "http://kratos:4434", more: "strip_path: /d"));

        var found = RuleProver.LeadingNowhere(ConfiguredRule.Read(file.Path), operations).ToList();

        Assert.Equal(["stranger", "wide", "kept", "lost", "lost"], found.Select(line => line.Split(' ')[0]));
    }

    private static IReadOnlyList<ConfiguredRule> Rules(params (string Id, string Methods, string Path)[] rules)
    {
        using var file = new TemporaryFile(string.Concat(rules.Select(rule => Gateway.TestGateway.Rule(rule.Path, id: rule.Id, methods: rule.Methods))));
        return ConfiguredRule.Read(file.Path);
    }
}
