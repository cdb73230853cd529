using System.Net;
using System.Net.Sockets;
using NovaId.Emulator.Configuration;

namespace NovaId.Tests.Gateway;

public sealed class GatewayStartTests
{
    [Fact]
    public async Task The_configuration_of_the_house_starts()
    {
        await using var gateway = await TestGateway.New().StartAsync();

        Assert.Equal("127.0.0.1", gateway.Address.Host);
        Assert.NotEqual(0, gateway.Address.Port);
    }

    [Theory]
    // what is changed in the rules, the key of the rule that the error names, a word of the error
    [InlineData("strip_path: /gw", "strippath: /gw", "upstream.strippath", "does not know")]
    [InlineData("handler: oauth2_introspection", "handler: jwt", "authenticators[0].handler", "'jwt'")]
    [InlineData("- handler: header", "- handler: hydrator", "mutators[0].handler", "'hydrator'")]
    [InlineData("    handler: allow", "    handler: remote_json", "authorizer.handler", "'remote_json'")]
    [InlineData("    handler: allow", "    handler: deny", "authorizer.handler", "not enabled")]
    [InlineData("    - handler: noop", "    - handler: anonymous", "authenticators[0].handler", "not enabled")]
    [InlineData("<(health|public)>", "<(health|public>", "match.url", "regular expression")]
    [InlineData("<(health|public)>", "<(health|public)", "match.url", "without its >")]
    [InlineData("id: hydra-userinfo", "id: hydra-oauth2", "id", "as on line")]
    [InlineData("methods: [GET, HEAD, POST]", "methods: []", "match.methods", "empty")]
    [InlineData("version: v26.2.0", "version: v0.36.0", "version", "v0.36.0")]
    [InlineData("{{ .MatchContext.Header.Get \"Authorization\" }}", "{{ .MatchContext.Header.Gett }}{{ env \"HOME\" }}", "mutators[0].config.headers.X-Orig-Authorization", "'env'")]
    [InlineData("required_scope: [kratos.identities.list]", "required_scopes: [kratos.identities.list]", "authenticators[0].config.required_scopes", "does not know")]
    [InlineData("ttl: 30s", "ttl: soon", "authenticators[0].config.cache.ttl", "duration")]
    [InlineData("url: http://kratos:4433", "url: https://kratos:4433", "upstream.url", "http only")]
    public async Task A_mistake_in_the_rules_stops_the_start_and_names_its_place(string present, string instead, string key, string word)
    {
        await using var gateway = TestGateway.New();
        Assert.Contains(present, gateway.Rules, StringComparison.Ordinal);
        var at = gateway.Rules.IndexOf(present, StringComparison.Ordinal);
        var rule = gateway.Rules[..(at + present.Length)].Split("- id: ").Length - 2;
        gateway.Rules = gateway.Rules[..at] + instead + gateway.Rules[(at + present.Length)..];

        var error = Assert.Throws<ConfigurationException>(gateway.Create);

        Assert.Equal(gateway.RulesFile, error.File);
        Assert.Equal($"[{rule}].{key}", error.Key);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{gateway.RulesFile}:{error.Line}: ", error.Message, StringComparison.Ordinal);
        var named = key.Split('.')[^1].Split('[')[0];
        Assert.Contains(named, gateway.Rules.Split('\n')[error.Line - 1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  noop:\n    enabled: true\n", "  noop:\n    enabled: true\n  jwt:\n    enabled: true\n", "authenticators.jwt")]
    [InlineData("  allow:\n    enabled: true\n", "  allow:\n    enabled: true\n  remote_json:\n    enabled: true\n", "authorizers.remote_json")]
    [InlineData("fallback: [json]", "fallback: [redirect]", "errors.fallback")]
    [InlineData("    json:\n      enabled: true", "    json:\n      enabled: false", "errors.handlers.json.enabled")]
    [InlineData("matching_strategy: regexp", "matching_strategy: glob", "access_rules.matching_strategy")]
    [InlineData("trust_forwarded_headers: false", "trust_forwarded_headers: true", "serve.proxy.trust_forwarded_headers")]
    [InlineData("    host: 127.0.0.1\n    port: 4456", "    host: 0.0.0.0\n    port: 4456", "serve.api.host")]
    [InlineData("scope_strategy: exact", "scope_strategy: loose", "authenticators.oauth2_introspection.config.scope_strategy")]
    [InlineData("subject_from: identity.id", "subject_from: identity.#.id", "authenticators.bearer_token.config.subject_from")]
    [InlineData("{{ .Extra.scope | toJson }}", "{{ .Extra.scope | tojson }}", "mutators.id_token.config.claims")]
    [InlineData("        X-User-Id: \"\"", "        X-User-Id: \"{{ .Sub }}\"", "mutators.header.config.headers.X-User-Id")]
    [InlineData("        - http://localhost:3000", "        - '*'", "serve.proxy.cors.allow_credentials")]
    [InlineData("read: 30s", "read: 0s", "serve.proxy.timeout.read")]
    public async Task A_mistake_in_the_file_of_the_service_stops_the_start_and_names_its_place(string present, string instead, string key)
    {
        await using var gateway = TestGateway.New();
        Assert.Contains(present, gateway.Oathkeeper, StringComparison.Ordinal);
        gateway.Oathkeeper = gateway.Oathkeeper.Replace(present, instead, StringComparison.Ordinal);

        var error = Assert.Throws<ConfigurationException>(gateway.Create);

        Assert.EndsWith("oathkeeper.yml", error.File, StringComparison.Ordinal);
        Assert.Equal(key, error.Key);
        Assert.True(error.Line > 0);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"oct","kid":"a","alg":"HS256","k":"AAAA"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","kid":"a","alg":"ES256","crv":"P-256","x":"AAAA","y":"AAAA","d":"secret-half"}]}""")]
    public async Task A_signing_key_that_cannot_be_used_stops_the_start_and_is_not_shown(string keys)
    {
        await using var gateway = TestGateway.New();
        gateway.Keys = keys;

        var error = Assert.Throws<ConfigurationException>(gateway.Create);

        Assert.Equal("mutators.id_token.config.jwks_url", error.Key);
        Assert.DoesNotContain("secret-half", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_two_halves_of_the_signing_key_must_belong_together()
    {
        await using var gateway = TestGateway.New();
        var mine = System.Text.Json.Nodes.JsonNode.Parse(TestGateway.NewKeySet())!;
        var other = System.Text.Json.Nodes.JsonNode.Parse(TestGateway.NewKeySet())!;
        mine["keys"]![0]!["d"] = other["keys"]![0]!["d"]!.GetValue<string>();
        gateway.Keys = mine.ToJsonString();

        Assert.Equal("mutators.id_token.config.jwks_url", Assert.Throws<ConfigurationException>(gateway.Create).Key);
    }

    [Fact]
    public async Task A_missing_signing_key_stops_the_start()
    {
        await using var gateway = TestGateway.New();
        gateway.Environment["MUTATORS_ID_TOKEN_CONFIG_JWKS_URL"] = "/nowhere/keys.json";

        Assert.Contains("/nowhere/keys.json", Assert.Throws<ConfigurationException>(gateway.Create).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_in_use_is_named_with_its_key_and_a_remedy()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var gateway = TestGateway.New();
        gateway.EndPoint = new IPEndPoint(IPAddress.Loopback, port);
        await using var service = gateway.Create();

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => service.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal("serve.proxy.port", error.Key);
        Assert.Contains($"port {port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("--port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gateway_listens_on_no_address_that_others_can_reach()
    {
        await using var gateway = TestGateway.New();
        gateway.EndPoint = new IPEndPoint(IPAddress.Any, 0);

        Assert.Equal("serve.proxy.host", Assert.Throws<ConfigurationException>(gateway.Create).Key);
    }

    [Fact]
    public async Task A_header_that_is_named_twice_with_other_capitals_stops_the_start()
    {
        await using var gateway = TestGateway.New();
        gateway.Rules = gateway.Rules.Replace("          X-Orig-Authorization:", "          x-orig-authorization:", StringComparison.Ordinal);

        Assert.Contains("capitals", Assert.Throws<ConfigurationException>(gateway.Create).Message, StringComparison.Ordinal);
    }
}
