using System.Globalization;
using System.Text.Json.Nodes;
using NovaId.Emulator.Configuration;
using NovaId.Tests.Configuration.Proofs;
using NovaId.Tests.Gateway;

namespace NovaId.Tests.Configuration;

/// <summary>What must be true of the gateway's rules, proved from the files.</summary>
public sealed class AccessRulesTests
{
    /// <summary>What stands behind the routes: the operations of v26.2.0 that the house uses, or null where the API or the pages answer themselves.</summary>
    private static readonly Dictionary<string, string[]?> Operations = new()
    {
        ["api:8080"] = null,
        ["accounts:8081"] = null,
        ["admin:8082"] = null,
        ["127.0.0.1:4456"] = ["GET /.well-known/jwks.json"],
        ["kratos:4433"] =
        [
            .. from flow in new[] { "login", "registration", "settings", "recovery", "verification" }
               from operation in new[] { "GET {0}/browser", "GET {0}/api", "GET {0}/flows", "GET {0}", "POST {0}" }
               select string.Format(CultureInfo.InvariantCulture, operation, $"/self-service/{flow}"),
            "GET /self-service/logout/browser", "GET /self-service/logout", "DELETE /self-service/logout/api", "GET /self-service/errors",
            "GET /sessions/whoami", "GET /sessions/token-exchange", "GET /sessions", "DELETE /sessions", "DELETE /sessions/{id}",
            "GET /schemas", "GET /schemas/{id}", "GET /.well-known/ory/webauthn.js",
        ],
        ["kratos:4434"] =
        [
            "GET /admin/identities", "POST /admin/identities", "GET /admin/identities/{id}", "PUT /admin/identities/{id}",
            "PATCH /admin/identities/{id}", "DELETE /admin/identities/{id}", "GET /admin/identities/{id}/sessions", "DELETE /admin/identities/{id}/sessions",
            "GET /admin/sessions/{id}", "DELETE /admin/sessions/{id}", "DELETE /admin/identities/{id}/credentials/{type}", "POST /admin/recovery/code",
        ],
        ["hydra:4444"] =
        [
            "GET /oauth2/auth", "POST /oauth2/auth", "POST /oauth2/token", "POST /oauth2/revoke", "GET /oauth2/sessions/logout",
            "POST /oauth2/sessions/logout", "POST /oauth2/device/auth", "GET /oauth2/device/verify", "GET /userinfo", "POST /userinfo",
            "POST /credentials", "GET /.well-known/openid-configuration", "GET /.well-known/oauth-authorization-server",
            "GET /.well-known/jwks.json",
        ],
        ["hydra:4445"] =
        [
            "POST /admin/oauth2/introspect", "GET /admin/clients", "POST /admin/clients", "GET /admin/clients/{id}", "PUT /admin/clients/{id}",
            "PATCH /admin/clients/{id}", "DELETE /admin/clients/{id}", "PUT /admin/clients/{id}/lifespans", "GET /admin/oauth2/auth/requests/login",
            "PUT /admin/oauth2/auth/requests/login/accept", "PUT /admin/oauth2/auth/requests/login/reject", "GET /admin/oauth2/auth/requests/consent",
            "PUT /admin/oauth2/auth/requests/consent/accept", "PUT /admin/oauth2/auth/requests/consent/reject",
            "GET /admin/oauth2/auth/requests/logout", "PUT /admin/oauth2/auth/requests/logout/accept",
            "PUT /admin/oauth2/auth/requests/logout/reject", "PUT /admin/oauth2/auth/requests/device/accept",
            "GET /admin/oauth2/auth/sessions/consent", "DELETE /admin/oauth2/auth/sessions/consent", "DELETE /admin/oauth2/auth/sessions/login",
        ],
        ["keto:4466"] = ["GET /relation-tuples", "POST /relation-tuples/batch/check", "GET /relation-tuples/check/openapi"],
        ["mail:8025"] = ["GET /api/v1/messages", "GET /api/v1/search", "GET /api/v1/message/{id}"],
        ["telemetry:4318"] = ["POST /v1/traces"],
        ["keto:4467"] = ["PUT /admin/relation-tuples", "PATCH /admin/relation-tuples", "DELETE /admin/relation-tuples"],
    };

    private static readonly IReadOnlyList<ConfiguredRule> Rules =
        ConfiguredRule.ReadAll(Path.Combine(TestGateway.RealFolder, "oathkeeper"));

    private static readonly ConfigurationNode Oathkeeper =
        ConfigurationFile.Read(Path.Combine(TestGateway.RealFolder, "oathkeeper", "oathkeeper.yml"));

    [Fact]
    public void No_two_rules_match_one_request() => Assert.Empty(RuleProver.Overlaps(Rules));

    [Fact]
    public void No_rule_is_dead() => Assert.Empty(RuleProver.Dead(Rules));

    [Fact]
    public void No_rule_leads_nowhere() => Assert.Empty(RuleProver.LeadingNowhere(Rules, Operations));

    /// <summary>The other half of a flow is what its page asks for on the administrative side.</summary>
    [Theory]
    [InlineData("login", "accept", "reject")]
    [InlineData("consent", "accept", "reject")]
    [InlineData("logout", "accept", "reject")]
    [InlineData("device", "accept", null)]
    public void Every_flow_of_Hydra_has_both_halves_routed(string flow, string accept, string? reject)
    {
        const string Gateway = "http://localhost:4455";
        foreach (var answer in new[] { accept, reject }.OfType<string>())
        {
            AssertRouted("PUT", $"/svc/hydra/admin/oauth2/auth/requests/{flow}/{answer}");
        }

        AssertRouted("GET", flow switch
        {
            "logout" => "/oauth2/sessions/logout",
            "device" => "/oauth2/device/verify",
            _ => "/oauth2/auth",
        });
        if (flow != "device")
        {
            AssertRouted("GET", $"/svc/hydra/admin/oauth2/auth/requests/{flow}");
        }

        static void AssertRouted(string method, string path) =>
            Assert.Single(Rules, rule => rule.Methods.Contains(method) && rule.Language.Contains(Gateway + path));
    }

    [Fact]
    public void A_logout_at_Hydra_ends_the_session_at_Kratos()
    {
        var hydra = ConfigurationFile.Read(Path.Combine(TestGateway.RealFolder, "hydra", "hydra.yml"));

        Assert.Equal("http://kratos:4434", hydra["urls.identity_provider.url"].RequireString());
    }

    /// <summary>Where somebody else than Kratos tells the gateway who is logged in, nobody reaches them there, and nothing is said to the API.</summary>
    [Fact]
    public void Only_the_office_is_opened_by_another_than_Kratos()
    {
        var others = Rules.SelectMany(rule => rule.Authenticators
            .Where(authenticator => authenticator["config.check_session_url"].Exists)
            .Select(authenticator => (Rule: rule, Address: authenticator["config.check_session_url"].Uri())));

        var (office, check) = Assert.Single(others);
        Assert.Equal("admin", office.Id);
        Assert.DoesNotContain(office.Mutators, mutator => mutator["handler"].RequireString() == "id_token");
        Assert.Equal("accounts:8081", check.Authority);
        Assert.DoesNotContain(Rules, rule => rule.Language.Contains("http://localhost:4455" + check.AbsolutePath));
    }

    [Fact]
    public void No_admin_route_is_open() => Assert.Empty(RuleProver.OpenAdminRules(Rules));

    [Fact]
    public void Every_service_route_is_an_admin_route_and_every_scope_of_it_is_taken_exactly()
    {
        Assert.Equal("exact", Oathkeeper["authenticators.oauth2_introspection.config.scope_strategy"].RequireString());
        Assert.All(Rules.Where(rule => rule.Id.StartsWith("svc-", StringComparison.Ordinal)), rule =>
        {
            Assert.StartsWith("/svc/", rule.Url[(rule.Url.IndexOf("[^/]+>", StringComparison.Ordinal) + 6)..], StringComparison.Ordinal);
            Assert.True(rule.Authenticators[0]["config.cache.ttl"].Duration(TimeSpan.MaxValue) <= TimeSpan.FromSeconds(30));
        });
    }

    [Fact]
    public void Every_rule_blanks_what_a_caller_must_not_say_of_itself()
    {
        var blanked = Oathkeeper["mutators.header.config.headers"].Entries.ToDictionary(e => e.Key, e => e.Value.RequireString());
        Assert.All(blanked, header => Assert.Equal("", header.Value));
        Assert.Superset(
            new HashSet<string> { "X-User-Id", "X-User-Rank", "X-User-Roles", "X-User-Permissions", "X-Real-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "X-Orig-Authorization" },
            blanked.Keys.ToHashSet());
        string[] ownToSet = ["X-Orig-Authorization", "Authorization", "Cookie"];
        Assert.All(Rules, rule =>
        {
            var header = Assert.Single(rule.Mutators, mutator => mutator["handler"].RequireString() == "header");
            Assert.Subset(new HashSet<string>(ownToSet), header["config.headers"].Entries.Select(entry => entry.Key).ToHashSet());
            Assert.All(rule.Mutators, mutator => Assert.NotEqual("noop", mutator["handler"].RequireString()));
        });
    }

    [Fact]
    public void A_service_token_ends_at_the_gateway() =>
        Assert.All(Rules.Where(rule => rule.Id.StartsWith("svc-", StringComparison.Ordinal)), rule =>
        {
            var headers = rule.Mutators[0]["config.headers"];
            Assert.Equal("", headers["Authorization"].RequireString());
            Assert.Equal("", headers["Cookie"].RequireString());
        });

    [Fact]
    public void Only_the_API_receives_id_tokens_and_always_where_a_caller_is_known() =>
        Assert.All(Rules, rule => Assert.Equal(
            rule.Upstream.Authority == "api:8080" && rule.Authenticators[0]["handler"].RequireString() != "noop",
            rule.Mutators.Any(mutator => mutator["handler"].RequireString() == "id_token")));

    [Fact]
    public void Every_scope_of_the_routes_is_held_by_a_client_and_no_client_holds_another()
    {
        var clients = Clients.Where(client => (string)client!["client_id"]! != "demo").ToList();
        var held = clients.SelectMany(client => ((string)client!["scope"]!).Split(' ')).ToHashSet();
        var required = RequiredScopes;

        Assert.NotEmpty(required);
        Assert.Equal(required.Order(), held.Order());
        Assert.All(clients, client =>
        {
            Assert.Equal(["novaid-gateway"], client!["audience"]!.AsArray().Select(audience => (string)audience!));
            Assert.Equal(["client_credentials"], client["grant_types"]!.AsArray().Select(grant => (string)grant!));
        });
    }

    [Fact]
    public void The_app_of_somebody_else_passes_no_service_route_and_stands_where_no_cookie_of_the_zone_comes()
    {
        var demo = Clients.Single(client => (string)client!["client_id"]! == "demo")!;
        Assert.Equal(["novaid-api"], demo["audience"]!.AsArray().Select(audience => (string)audience!));
        Assert.Equal(["authorization_code", "refresh_token"], demo["grant_types"]!.AsArray().Select(grant => (string)grant!));
        Assert.Empty(((string)demo["scope"]!).Split(' ').Intersect(RequiredScopes));
        Assert.All(
            demo["redirect_uris"]!.AsArray().Concat(demo["post_logout_redirect_uris"]!.AsArray()),
            address => Assert.NotEqual("localhost", new Uri((string)address!).Host));
    }

    private static HashSet<string> RequiredScopes => [.. Rules
        .SelectMany(rule => rule.Authenticators)
        .SelectMany(authenticator => authenticator["config.required_scope"].Strings())];

    private static JsonArray Clients => JsonNode.Parse(File.ReadAllText(Path.Combine(TestGateway.RealFolder, "hydra", "clients.json")))!.AsArray();

    [Fact]
    public void The_gateway_says_nothing_verbose_and_trusts_no_header_about_forwarding()
    {
        Assert.False(Oathkeeper["errors.handlers.json.config.verbose"].Boolean(true));
        Assert.False(Oathkeeper["serve.proxy.trust_forwarded_headers"].Boolean(true));
        Assert.Equal("127.0.0.1", Oathkeeper["serve.api.host"].RequireString());
        Assert.DoesNotContain(Oathkeeper["serve.proxy.cors.allowed_origins"].Strings(), origin => origin.Contains('*', StringComparison.Ordinal));
    }
}
