using System.Text.Json.Nodes;
using NovaId.Api.Keys;

namespace NovaId.Tests.Api;

public sealed class ApiKeyTests
{
    [Fact]
    public async Task A_key_is_a_client_with_the_capabilities_of_its_owner_and_shows_its_secret_once()
    {
        await using var zone = await ApiZone.StartAsync();
        var major = zone.Gateway.AddPerson("Major");

        var key = await CreateAsync(zone, major, """["users.view","logs.view"]""");

        var id = (string)key["id"]!;
        Assert.Equal(
            ["id", "name", "ownerId", "scopes", "capabilities", "createdAt", "clientSecret", "tokenEndpointAuthMethod"],
            key.AsObject().Select(member => member.Key));
        Assert.Matches($"^key-{major}-[0-9a-f]{{16}}$", id);
        var client = zone.Gateway.Clients[id];
        Assert.Equal((string?)key["clientSecret"], (string?)client["client_secret"]);
        Assert.Equal("client_secret_basic", (string?)key["tokenEndpointAuthMethod"]);
        Assert.Equal("client_secret_basic", (string?)client["token_endpoint_auth_method"]);
        Assert.Equal("novaid.read", (string?)client["scope"]);
        Assert.Equal(major.ToString(), (string?)client["owner"]);
        Assert.Equal("""["novaid-api"]""", client["audience"]!.ToJsonString());
        Assert.Equal("""["client_credentials"]""", client["grant_types"]!.ToJsonString());
        Assert.True(zone.Gateway.HasTuple("Capability", "users.view", "granted", $"client:{id}"));
        Assert.True(zone.Gateway.HasTuple("Capability", "logs.view", "granted", $"client:{id}"));

        using var listed = await zone.GetAsync("/api/keys", major);
        var list = await ApiZone.ReadAsync(listed, 200);
        Assert.Equal(["users.view", "logs.view"], list["items"]![0]!["capabilities"]!.AsArray().Select(one => (string?)one));
        Assert.DoesNotContain((string)key["clientSecret"]!, list.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(await zone.LogAsync(), row => row.ToString().Contains((string)key["clientSecret"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_may_only_have_what_its_owner_has()
    {
        await using var zone = await ApiZone.StartAsync();
        var sergeant = zone.Gateway.AddPerson("Sergeant");

        using var refused = await zone.SendAsync(
            HttpMethod.Post,
            "/api/keys",
            sergeant,
            """{"name":"a","scopes":["novaid.read"],"capabilities":["users.view","logs.view"]}""");

        Assert.Equal("capability logs.view", (string?)(await ApiZone.AssertStatusAsync(refused, 403))!["required"]);
        Assert.Empty(zone.Gateway.Clients);
    }

    [Theory]
    [InlineData("granted and owned", 200)]
    [InlineData("not granted", 403)]
    [InlineData("not owned any more", 403)]
    [InlineData("owner inactive", 401)]
    [InlineData("owner gone", 401)]
    public async Task A_key_passes_if_it_was_granted_and_its_owner_has_it_too_and_is_active(string what, int status)
    {
        await using var zone = await ApiZone.StartAsync();
        var owner = zone.Gateway.AddPerson(what == "not owned any more" ? "Private" : "Major", what == "owner inactive" ? "inactive" : "active");
        var key = new ApiKeyId(owner, "0123456789abcdef").ToString();
        if (what != "not granted")
        {
            zone.Gateway.AddTuple("Capability", "users.view", "granted", $"client:{key}");
        }

        if (what == "owner gone")
        {
            zone.Gateway.Identities.Remove(owner);
        }

        using var response = await zone.SendAsClientAsync(HttpMethod.Get, "/api/users", key);

        await ApiZone.AssertStatusAsync(response, status);
        Assert.Single(zone.Gateway.Calls, call => call.IsBatchCheck);
    }

    [Fact]
    public async Task A_key_answers_checks_and_permissions_as_it_would_pass()
    {
        await using var zone = await ApiZone.StartAsync();
        var owner = zone.Gateway.AddPerson("Sergeant");
        var key = new ApiKeyId(owner, "0123456789abcdef").ToString();
        zone.Gateway.AddTuple("Capability", "users.view", "granted", $"client:{key}");
        zone.Gateway.AddTuple("Capability", "logs.view", "granted", $"client:{key}");
        const string Checks = """
            {"checks":[{"namespace":"Capability","object":"users.view","relation":"allow"},
                       {"namespace":"Capability","object":"logs.view","relation":"allow"},
                       {"namespace":"Rank","object":"Private","relation":"atLeast"}]}
            """;

        using var checks = await zone.SendAsClientAsync(HttpMethod.Post, "/api/checks", key, Checks);
        using var permissions = await zone.SendAsClientAsync(HttpMethod.Get, "/api/me/permissions", key);

        Assert.Equal(
            [true, false, false],
            (await ApiZone.ReadAsync(checks, 200))["results"]!.AsArray().Select(result => (bool)result!["allowed"]!));
        Assert.Equal("""["users.view"]""", (await ApiZone.ReadAsync(permissions, 200))["capabilities"]!.ToJsonString());
    }

    [Fact]
    public async Task A_key_may_not_see_its_owners_documents()
    {
        await using var zone = await ApiZone.StartAsync();
        var owner = zone.Gateway.AddPerson("General");
        var document = await zone.AddDocumentAsync(owner);

        using var refused = await zone.SendAsClientAsync(HttpMethod.Get, $"/api/documents/{document}", new ApiKeyId(owner, "0123456789abcdef").ToString());

        await ApiZone.AssertStatusAsync(refused, 403);
    }

    [Theory]
    [InlineData("Captain")]
    [InlineData("Major")]
    [InlineData("OWNER")]
    public async Task A_key_assigns_no_ranks_whomever_its_owner_commands(string target)
    {
        await using var zone = await ApiZone.StartAsync();
        var owner = zone.Gateway.AddPerson("Major");
        var person = target == "OWNER" ? owner : zone.Gateway.AddPerson(target);
        var key = new ApiKeyId(owner, "0123456789abcdef").ToString();
        zone.Gateway.AddTuple("Capability", "ranks.assign", "granted", $"client:{key}");

        using var response = await zone.SendAsClientAsync(HttpMethod.Put, $"/api/users/{person}/rank", key, """{"rank":"Private"}""");

        await ApiZone.AssertStatusAsync(response, 403);
        Assert.Equal(target == "OWNER" ? "Major" : target, Assert.Single(zone.Gateway.RanksOf(person)));
    }

    [Fact]
    public async Task Only_a_person_makes_keys()
    {
        await using var zone = await ApiZone.StartAsync();
        var owner = zone.Gateway.AddPerson("General");
        var key = new ApiKeyId(owner, "0123456789abcdef").ToString();
        const string Body = """{"name":"a","scopes":["novaid.read"],"capabilities":[]}""";

        using var byKey = await zone.SendAsClientAsync(HttpMethod.Post, "/api/keys", key, Body);
        using var byClient = await zone.SendAsClientAsync(HttpMethod.Post, "/api/keys", "a-program", Body);
        using var list = await zone.SendAsClientAsync(HttpMethod.Get, "/api/keys", key);

        Assert.Equal("a person", (string?)(await ApiZone.AssertStatusAsync(byKey, 403))!["required"]);
        await ApiZone.AssertStatusAsync(byClient, 403);
        await ApiZone.AssertStatusAsync(list, 403);
        Assert.Empty(zone.Gateway.Clients);
    }

    [Fact]
    public async Task An_app_makes_no_key_that_reaches_further_than_its_own_token()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        var token = zone.Gateway.AddAccessToken(person.ToString(), "an-app", "novaid.write");
        zone.Gateway.AccessTokens[token]["ext"] = new JsonObject { ["acr"] = "aal1", ["auth_time"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() };

        using var refused = await zone.SendWithAccessTokenAsync(
            HttpMethod.Post,
            "/api/keys",
            person.ToString(),
            "an-app",
            token,
            """{"name":"a","scopes":["novaid.read","novaid.write"],"capabilities":[]}""");

        await ApiZone.AssertStatusAsync(refused, 403);
        Assert.Empty(zone.Gateway.Clients);
    }

    [Fact]
    public async Task Anothers_keys_are_for_whoever_manages_keys()
    {
        await using var zone = await ApiZone.StartAsync();
        var owner = zone.Gateway.AddPerson("Sergeant");
        var key = await CreateAsync(zone, owner, """["users.view"]""");
        var colonel = zone.Gateway.AddPerson("Colonel");
        var general = zone.Gateway.AddPerson("General");

        using var notListed = await zone.GetAsync($"/api/keys?owner={owner}", colonel);
        using var notDeleted = await zone.SendAsync(HttpMethod.Delete, $"/api/keys/{key["id"]}", colonel);
        await ApiZone.AssertStatusAsync(notListed, 403);
        await ApiZone.AssertStatusAsync(notDeleted, 403);
        Assert.Single(zone.Gateway.Clients);

        using var listed = await zone.GetAsync($"/api/keys?owner={owner}", general);
        Assert.Single((await ApiZone.ReadAsync(listed, 200))["items"]!.AsArray());
        using var deleted = await zone.SendAsync(HttpMethod.Delete, $"/api/keys/{key["id"]}", general);
        await ApiZone.AssertStatusAsync(deleted, 204);
        Assert.Empty(zone.Gateway.Clients);
        Assert.False(zone.Gateway.HasTuple("Capability", "users.view", "granted", $"client:{key["id"]}"));
        using var again = await zone.SendAsync(HttpMethod.Delete, $"/api/keys/{key["id"]}", owner);
        await ApiZone.AssertStatusAsync(again, 404);
    }

    [Fact]
    public async Task If_Keto_does_not_take_the_capabilities_no_key_remains()
    {
        await using var zone = await ApiZone.StartAsync();
        var major = zone.Gateway.AddPerson("Major");
        FailPatches(zone);

        using var refused = await zone.SendAsync(
            HttpMethod.Post,
            "/api/keys",
            major,
            """{"name":"a","scopes":["novaid.read"],"capabilities":["users.view"]}""");

        await ApiZone.AssertStatusAsync(refused, 503);
        Assert.Contains(zone.Gateway.Calls, call => call.Method == "POST" && call.Path == "/svc/hydra/admin/clients");
        Assert.Empty(zone.Gateway.Clients);
    }

    [Fact]
    public async Task A_key_half_deleted_is_of_no_use_and_can_be_deleted_again()
    {
        await using var zone = await ApiZone.StartAsync();
        var major = zone.Gateway.AddPerson("Major");
        var key = await CreateAsync(zone, major, """["users.view"]""");
        FailPatches(zone);
        using (var refused = await zone.SendAsync(HttpMethod.Delete, $"/api/keys/{key["id"]}", major))
        {
            await ApiZone.AssertStatusAsync(refused, 503);
        }

        Assert.Empty(zone.Gateway.Clients);
        zone.Gateway.Intercept = null;
        using var again = await zone.SendAsync(HttpMethod.Delete, $"/api/keys/{key["id"]}", major);

        await ApiZone.AssertStatusAsync(again, 204);
        Assert.False(zone.Gateway.HasTuple("Capability", "users.view", "granted", $"client:{key["id"]}"));
    }

    [Theory]
    [InlineData("key-11111111-2222-4333-8444-555555555555-0123456789abcdef", true)]
    [InlineData("key-11111111-2222-4333-8444-555555555555-0123456789abcdeF", false)]
    [InlineData("key-11111111-2222-4333-8444-55555555555A-0123456789abcdef", false)]
    [InlineData("Key-11111111-2222-4333-8444-555555555555-0123456789abcdef", false)]
    [InlineData("key-11111111-2222-4333-8444-555555555555_0123456789abcdef", false)]
    [InlineData("key-11111111222243338444555555555555-----0123456789abcdef", false)]
    [InlineData("novaid-operator", false)]
    [InlineData("", false)]
    public void A_key_is_told_by_its_id(string id, bool isKey) => Assert.Equal(isKey, ApiKeyId.TryParse(id, out _));

    private static async Task<JsonNode> CreateAsync(ApiZone zone, Guid owner, string capabilities)
    {
        using var response = await zone.SendAsync(
            HttpMethod.Post,
            "/api/keys",
            owner,
            $$"""{"name":"A key","scopes":["novaid.read"],"capabilities":{{capabilities}}}""");
        return await ApiZone.ReadAsync(response, 201);
    }

    private static void FailPatches(ApiZone zone) => zone.Gateway.Intercept = http =>
    {
        if (http.Request.Method != "PATCH")
        {
            return Task.FromResult(false);
        }

        http.Response.StatusCode = 502;
        return Task.FromResult(true);
    };
}
