using System.Text.Json.Nodes;
using NovaId.Api.Keys;

namespace NovaId.Tests.Api;

/// <summary>A person's own account, and what officers do for somebody who is locked out.</summary>
public sealed class AccountTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sessions_are_listed_the_current_one_first_and_no_address_of_the_inside()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        var old = zone.Gateway.SessionOf(zone.Gateway.SessionClaims(person.ToString()));
        old["issued_at"] = "2026-01-02T03:04:05Z";
        old["devices"] = new JsonArray(new JsonObject { ["ip_address"] = "203.0.113.7:4711", ["user_agent"] = "A browser" });
        var current = zone.Gateway.SessionClaims(person.ToString());
        zone.Gateway.SessionOf(current)["issued_at"] = "2025-01-02T03:04:05Z";
        zone.Gateway.SessionOf(current)["devices"] = new JsonArray(new JsonObject { ["ip_address"] = "10.1.2.3", ["user_agent"] = "" });
        zone.Gateway.SessionClaims(zone.Gateway.AddPerson().ToString());

        using var response = await zone.SendAsync(HttpMethod.Get, "/api/me/sessions", zone.Gateway.Sign(current));

        var items = (await ApiZone.ReadAsync(response, 200))["items"]!.AsArray();
        Assert.Equal([(string?)current["sid"], (string?)old["id"]], items.Select(item => (string?)item!["id"]));
        Assert.Equal([true, false], items.Select(item => (bool)item!["isCurrent"]!));
        Assert.Equal([null, "203.0.113.7"], items.Select(item => (string?)item!["address"]));
        Assert.Equal([null, "A browser"], items.Select(item => (string?)item!["userAgent"]));
        Assert.Equal(["password"], items[1]!["methods"]!.AsArray().Select(method => (string?)method));
        Assert.NotNull(items[0]!["lastUsedAt"]);
        Assert.Null(items[1]!["lastUsedAt"]);
    }

    [Fact]
    public async Task All_other_sessions_end_and_this_one_stays()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        var others = Enumerable.Range(0, 3).Select(_ => zone.Gateway.SessionClaims(person.ToString())).ToList();
        var current = zone.Gateway.SessionClaims(person.ToString());
        var somebody = zone.Gateway.SessionClaims(zone.Gateway.AddPerson().ToString());

        using var response = await zone.SendAsync(HttpMethod.Delete, "/api/me/sessions", zone.Gateway.Sign(current));

        await ApiZone.AssertStatusAsync(response, 204);
        Assert.All(others, claims => Assert.False((bool)zone.Gateway.SessionOf(claims)["active"]!));
        Assert.True((bool)zone.Gateway.SessionOf(current)["active"]!);
        Assert.True((bool)zone.Gateway.SessionOf(somebody)["active"]!);
    }

    [Fact]
    public async Task Nobody_ends_the_session_of_somebody_else()
    {
        await using var zone = await ApiZone.StartAsync();
        var (person, somebody) = (zone.Gateway.AddPerson("General"), zone.Gateway.SessionClaims(zone.Gateway.AddPerson().ToString()));

        using var response = await zone.SendAsync(HttpMethod.Delete, $"/api/me/sessions/{somebody["sid"]}", person);

        await ApiZone.AssertStatusAsync(response, 404);
        Assert.True((bool)zone.Gateway.SessionOf(somebody)["active"]!);
    }

    [Fact]
    public async Task An_app_is_one_however_often_it_was_let_in()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        zone.Gateway.AddConsent(person.ToString(), "demo", "Demo", "2026-02-02T00:00:00Z", "openid", "novaid.read");
        zone.Gateway.AddConsent(person.ToString(), "demo", "Demo", "2026-01-01T00:00:00Z", "novaid.write");
        zone.Gateway.AddConsent(person.ToString(), "backup", "", "2026-01-01T00:00:00Z", "novaid.read");
        zone.Gateway.AddConsent(zone.Gateway.AddPerson().ToString(), "other", "Other", "2026-01-01T00:00:00Z");

        using var response = await zone.GetAsync("/api/me/apps", person);

        var items = (await ApiZone.ReadAsync(response, 200))["items"]!.AsArray();
        Assert.Equal(["backup", "Demo"], items.Select(item => (string?)item!["name"]));
        Assert.Equal(["novaid.read", "novaid.write", "openid"], items[1]!["scopes"]!.AsArray().Select(scope => (string?)scope));
        Assert.Equal("2026-01-01T00:00:00+00:00", (string?)items[1]!["since"]);
        Assert.Equal("2026-02-02T00:00:00+00:00", (string?)items[1]!["lastGrantedAt"]);
    }

    [Fact]
    public async Task An_app_is_taken_away_for_this_person_alone()
    {
        await using var zone = await ApiZone.StartAsync();
        var (person, somebody) = (zone.Gateway.AddPerson(), zone.Gateway.AddPerson());
        foreach (var subject in (Guid[])[person, somebody])
        {
            zone.Gateway.AddConsent(subject.ToString(), "demo", "Demo", "2026-02-02T00:00:00Z", "openid");
        }

        using var taken = await zone.SendAsync(HttpMethod.Delete, "/api/me/apps/demo", person);
        using var again = await zone.SendAsync(HttpMethod.Delete, "/api/me/apps/demo", person);

        await ApiZone.AssertStatusAsync(taken, 204);
        await ApiZone.AssertStatusAsync(again, 404);
        Assert.Equal(somebody.ToString(), (string?)Assert.Single(zone.Gateway.Consents)["consent_request"]!["subject"]);
    }

    [Theory]
    [InlineData("GET", "/api/me/sessions")]
    [InlineData("DELETE", "/api/me/sessions")]
    [InlineData("DELETE", "/api/me/sessions/11111111-2222-4333-8444-555555555555")]
    [InlineData("GET", "/api/me/apps")]
    [InlineData("DELETE", "/api/me/apps/demo")]
    [InlineData("GET", "/api/me/export")]
    [InlineData("DELETE", "/api/me")]
    public async Task Neither_an_app_nor_a_program_reaches_an_account(string method, string target)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("General");
        var token = zone.Gateway.AddAccessToken(person.ToString(), "an-app");
        zone.Gateway.AccessTokens[token]["ext"] = new JsonObject { ["acr"] = "aal2", ["auth_time"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() };
        var key = new ApiKeyId(person, "0123456789abcdef").ToString();

        using var byApp = await zone.SendWithAccessTokenAsync(HttpMethod.Parse(method), target, person.ToString(), "an-app", token);
        using var byKey = await zone.SendAsClientAsync(HttpMethod.Parse(method), target, key);

        Assert.Equal("a session of one's own", (string?)(await ApiZone.AssertStatusAsync(byApp, 403))!["required"]);
        Assert.Equal("a session of one's own", (string?)(await ApiZone.AssertStatusAsync(byKey, 403))!["required"]);
        Assert.Contains(person, zone.Gateway.Identities.Keys);
    }

    [Fact]
    public async Task An_export_holds_everything_and_no_secret_and_fits_its_schema()
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson("Major");
        zone.Gateway.AddCredential(person, "password");
        zone.Gateway.AddCredential(person, "passkey");
        zone.Gateway.AddConsent(person.ToString(), "demo", "Demo", "2026-02-02T00:00:00Z", "openid");
        var document = await zone.AddDocumentAsync(person, "Mine");
        await zone.AddDocumentAsync(zone.Gateway.AddPerson(), "Not mine");
        using var made = await zone.SendAsync(HttpMethod.Post, "/api/keys", person, """{"name":"a","scopes":["novaid.read"],"capabilities":["users.view"]}""");
        var key = await ApiZone.ReadAsync(made, 201);

        using var response = await zone.GetAsync("/api/me/export", person);
        using var schema = await zone.SendAsync(HttpMethod.Get, "/api/docs/account-export.schema.json", idToken: null);

        var export = await ApiZone.ReadAsync(response, 200);
        Assert.Equal("attachment; filename=\"novaid-account.json\"", response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal(person.ToString(), (string?)export["person"]!["id"]);
        Assert.Equal(["password", "passkey"], export["person"]!["credentials"]!.AsArray().Select(one => (string?)one!["type"]));
        Assert.Equal("Major", (string?)export["rank"]);
        Assert.Contains(export["relations"]!.AsArray(), one => (string?)one!["namespace"] == "Rank" && (string?)one["object"] == "Major");
        Assert.Contains(export["relations"]!.AsArray(), one => (string?)one!["subject"] == $"client:{key["id"]}");
        Assert.Contains(export["relations"]!.AsArray(), one => (string?)one!["object"] == document.ToString());
        Assert.Equal("demo", (string?)Assert.Single(export["apps"]!.AsArray())!["clientId"]);
        Assert.Equal((string?)key["id"], (string?)Assert.Single(export["apiKeys"]!.AsArray())!["id"]);
        Assert.Equal("A text", (string?)Assert.Single(export["documents"]!.AsArray())!["content"]);
        Assert.NotEmpty(export["sessions"]!.AsArray());
        Assert.Contains(export["accessLog"]!.AsArray(), one => (string?)one!["path"] == "/api/keys");
        Assert.DoesNotContain((string)key["clientSecret"]!, export.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal($"{zone.Gateway.Issuer}/api/docs/account-export.schema.json", (string?)export["$schema"]);

        Assert.Equal(200, (int)schema.StatusCode);
        Assert.Equal("application/schema+json", schema.Content.Headers.ContentType?.MediaType);
        var rules = JsonNode.Parse(await schema.Content.ReadAsStringAsync(Cancelled))!;
        Assert.Empty(JsonSchemas.Violations(rules, rules, export, "$"));
        Assert.NotEmpty(JsonSchemas.Violations(rules, rules, new JsonObject { ["person"] = 1 }, "$"));
    }

    [Fact]
    public async Task Of_an_account_that_was_deleted_nothing_is_left()
    {
        await using var zone = await ApiZone.StartAsync();
        var (person, other) = (zone.Gateway.AddPerson("Sergeant"), zone.Gateway.AddPerson());
        await FillAsync(zone, person, other);
        var kept = await zone.AddDocumentAsync(other);

        using var deleted = await zone.SendAsync(HttpMethod.Delete, "/api/me", person);

        await ApiZone.AssertStatusAsync(deleted, 204);
        await AssertNothingLeftAsync(zone, person);
        Assert.Contains(person.ToString(), zone.Gateway.LoginsRevoked);
        using var others = await zone.GetAsync($"/api/documents/{kept}", other);
        await ApiZone.AssertStatusAsync(others, 200);
        Assert.Contains(await zone.LogAsync(), row => row.Subject == person.ToString() && row.Path == "/api/keys");
    }

    /// <summary>Each call of a deletion that fails, by its number.</summary>
    public static TheoryData<int> Steps { get; } = [.. Enumerable.Range(1, 24)];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_deletion_that_broke_off_leaves_no_right_and_is_finished_by_a_repetition(int failing)
    {
        await using var zone = await ApiZone.StartAsync();
        var (person, other) = (zone.Gateway.AddPerson("General"), zone.Gateway.AddPerson());
        var key = await FillAsync(zone, person, other);
        var token = zone.Gateway.Sign(zone.Gateway.SessionClaims(person.ToString()));
        var began = false;
        var calls = 0;
        zone.Gateway.Intercept = http =>
        {
            var path = http.Request.Path.Value!;
            began |= http.Request.Method == "PATCH" && path.StartsWith("/svc/kratos/admin/identities/", StringComparison.Ordinal);
            if (!began || !path.StartsWith("/svc/", StringComparison.Ordinal) || Interlocked.Increment(ref calls) < failing)
            {
                return Task.FromResult(false);
            }

            http.Abort();
            return Task.FromResult(true);
        };
        using var broken = await zone.SendAsync(HttpMethod.Delete, "/api/me", token);
        zone.Gateway.Intercept = null;

        if ((int)broken.StatusCode == 204)
        {
            Assert.True(calls < failing, "A call failed and nobody noticed.");
            await AssertNothingLeftAsync(zone, person);
            return;
        }

        await ApiZone.AssertStatusAsync(broken, 503);
        if (zone.Gateway.Identities.TryGetValue(person, out var identity) && identity["metadata_public"] is not null)
        {
            // Nothing is allowed any more: not by session, not by key, not by app; and nothing new can be made.
            using var me = await zone.SendAsync(HttpMethod.Get, "/api/me", token);
            using var users = await zone.SendAsClientAsync(HttpMethod.Get, "/api/users", key);
            using var app = await zone.SendWithAccessTokenAsync(
                HttpMethod.Get, "/api/me", person.ToString(), "demo", zone.Gateway.AddAccessToken(person.ToString(), "demo"));
            using var made = await zone.SendAsync(HttpMethod.Post, "/api/documents", token, """{"title":"a","content":"b"}""");
            foreach (var refused in (HttpResponseMessage[])[me, users, app, made])
            {
                Assert.Equal("This account is being deleted.", (string?)(await ApiZone.AssertStatusAsync(refused, 403))!["title"]);
            }
        }

        using var repeated = await zone.SendAsync(HttpMethod.Delete, "/api/me", token);

        Assert.True((int)repeated.StatusCode is 204 or 401, $"The repetition was answered {(int)repeated.StatusCode}.");
        // 401: the identity was gone already, and what came after it was only what others might have written meanwhile.
        await AssertNothingLeftAsync(zone, person);
    }

    [Theory]
    [InlineData("POST", "/api/documents", """{"title":"a","content":"b"}""", "PATCH", "/svc/keto/admin/relation-tuples")]
    [InlineData("POST", "/api/keys", """{"name":"a","scopes":["novaid.read"],"capabilities":[]}""", "POST", "/svc/hydra/admin/clients")]
    public async Task What_is_made_while_an_account_is_deleted_goes_with_it(string method, string target, string body, string written, string path)
    {
        await using var zone = await ApiZone.StartAsync();
        var person = zone.Gateway.AddPerson();
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        zone.Gateway.Intercept = async http =>
        {
            if (http.Request.Method == written && http.Request.Path == path && reached.TrySetResult())
            {
                await go.Task;
            }

            return false;
        };
        var making = zone.SendAsync(HttpMethod.Parse(method), target, person, body);
        await reached.Task;
        using var deleted = await zone.SendAsync(HttpMethod.Delete, "/api/me", person);
        await ApiZone.AssertStatusAsync(deleted, 204);
        go.SetResult();

        using var made = await making;

        await ApiZone.AssertStatusAsync(made, 401);
        await AssertNothingLeftAsync(zone, person);
    }

    [Fact]
    public async Task Nobody_is_ranked_who_is_being_deleted()
    {
        await using var zone = await ApiZone.StartAsync();
        var (general, person) = (zone.Gateway.AddPerson("General"), zone.Gateway.AddPerson());
        zone.Gateway.Identities[person]["metadata_public"] = new JsonObject { ["leaving"] = "2026-01-01T00:00:00Z" };

        using var response = await zone.SendAsync(HttpMethod.Put, $"/api/users/{person}/rank", general, """{"rank":"Private"}""");

        await ApiZone.AssertStatusAsync(response, 404);
        Assert.Empty(zone.Gateway.RanksOf(person));
    }

    [Theory]
    [InlineData("General", "Captain", 201)]
    [InlineData("Major", "Captain", 201)]
    [InlineData("Major", null, 201)]
    [InlineData("Major", "Major", 403)]
    [InlineData("Captain", "Private", 403)]
    [InlineData(null, null, 403)]
    public async Task A_recovery_code_is_for_officers_who_command_the_person(string? officer, string? rank, int status)
    {
        await using var zone = await ApiZone.StartAsync();
        var (caller, person) = (zone.Gateway.AddPerson(officer), zone.Gateway.AddPerson(rank));

        using var response = await zone.SendAsync(HttpMethod.Post, $"/api/users/{person}/recovery", caller);

        if (status == 201)
        {
            var made = await ApiZone.ReadAsync(response, 201);
            Assert.Equal("123456", (string?)made["code"]);
            Assert.StartsWith($"{zone.Gateway.Issuer}/recovery?flow=", (string?)made["link"], StringComparison.Ordinal);
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        }
        else
        {
            await ApiZone.AssertStatusAsync(response, status);
        }

        Assert.Equal(status == 201, zone.Gateway.Calls.Any(call => call.Path.EndsWith("/recovery/code", StringComparison.Ordinal)));
        Assert.DoesNotContain("123456", string.Join('\n', await zone.LogAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_factor_is_taken_away_with_every_session_and_a_passkey_stays()
    {
        await using var zone = await ApiZone.StartAsync();
        var (major, person) = (zone.Gateway.AddPerson("Major"), zone.Gateway.AddPerson("Captain"));
        foreach (var type in (string[])["password", "passkey", "totp", "lookup_secret"])
        {
            zone.Gateway.AddCredential(person, type);
        }

        using var taken = await zone.SendAsync(HttpMethod.Delete, $"/api/users/{person}/second-factor", major);
        using var again = await zone.SendAsync(HttpMethod.Delete, $"/api/users/{person}/second-factor", major);

        await ApiZone.AssertStatusAsync(taken, 204);
        await ApiZone.AssertStatusAsync(again, 204);
        Assert.Equal(["password", "passkey"], zone.Gateway.Identities[person]["credentials"]!.AsObject().Select(one => one.Key));
        Assert.Contains(person, zone.Gateway.SessionsDeleted);
    }

    [Theory]
    [InlineData("POST", "recovery")]
    [InlineData("DELETE", "second-factor")]
    public async Task Nobody_does_this_for_themselves_or_for_nobody(string method, string what)
    {
        await using var zone = await ApiZone.StartAsync();
        var general = zone.Gateway.AddPerson("General");

        using var self = await zone.SendAsync(HttpMethod.Parse(method), $"/api/users/{general}/{what}", general);
        using var nobody = await zone.SendAsync(HttpMethod.Parse(method), $"/api/users/{Guid.NewGuid()}/{what}", general);

        await ApiZone.AssertStatusAsync(self, 403);
        await ApiZone.AssertStatusAsync(nobody, 404);
    }

    /// <summary>Gives a person something of everything.</summary>
    /// <returns>The id of an API key.</returns>
    private static async Task<string> FillAsync(ApiZone zone, Guid person, Guid other)
    {
        await zone.AddDocumentAsync(person);
        await zone.AddDocumentAsync(person);
        var theirs = await zone.AddDocumentAsync(other);
        zone.Gateway.AddTuple("Document", theirs.ToString(), "viewers", person.ToString());
        zone.Gateway.AddTuple("Capability", "users.view", "granted", person.ToString());
        zone.Gateway.AddConsent(person.ToString(), "demo", "Demo", "2026-02-02T00:00:00Z", "openid");
        using var made = await zone.SendAsync(HttpMethod.Post, "/api/keys", person, """{"name":"a","scopes":["novaid.read"],"capabilities":["users.view"]}""");
        var key = (string)(await ApiZone.ReadAsync(made, 201))["id"]!;
        zone.Gateway.AddTuple("Rank", "Private", "members", $"client:{key}");
        using var byKey = await zone.SendAsClientAsync(HttpMethod.Post, "/api/documents", key, """{"title":"a","content":"b"}""");
        await ApiZone.ReadAsync(byKey, 201);
        return key;
    }

    private static async Task AssertNothingLeftAsync(ApiZone zone, Guid person)
    {
        Assert.DoesNotContain(person, zone.Gateway.Identities.Keys);
        Assert.DoesNotContain(zone.Gateway.Sessions.Values, session => (string?)session["identity"] == person.ToString());
        Assert.DoesNotContain(zone.Gateway.Consents, consent => (string?)consent["consent_request"]!["subject"] == person.ToString());
        Assert.DoesNotContain(zone.Gateway.Clients.Values, client => (string?)client["owner"] == person.ToString());
        Assert.DoesNotContain(zone.Gateway.Tuples, tuple => tuple.ToJsonString().Contains(person.ToString(), StringComparison.Ordinal));
        Assert.Empty(await zone.OwnedDocumentsAsync(person));
    }
}
