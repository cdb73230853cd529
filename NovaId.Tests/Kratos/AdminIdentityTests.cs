using System.Text.Json;

namespace NovaId.Tests.Kratos;

public sealed class AdminIdentityTests
{
    [Fact]
    public async Task An_identity_is_created_read_and_deleted()
    {
        await using var zone = await KratosZone.StartAsync();
        using var created = await zone.Admin.PostJsonAsync("/admin/identities", new
        {
            schema_id = "person",
            traits = new { email = "ada@novaid.local" },
            metadata_public = new { team = "engines" },
            metadata_admin = new { note = "first" },
        });
        var person = await created.JsonAsync();
        var path = "/admin/identities/" + person.Text("id");

        using var read = await zone.Admin.FetchAsync(path);
        using var deleted = await zone.Admin.SendAsync(HttpMethod.Delete, path);
        using var gone = await zone.Admin.FetchAsync(path);

        Assert.Equal(201, (int)created.StatusCode);
        Assert.Equal("http://kratos:4434/identities/" + person.Text("id"), created.Headers.Location!.ToString());
        var identity = await read.JsonAsync();
        Assert.Equal("engines", identity.At("metadata_public.team").GetString());
        Assert.Equal("first", identity.At("metadata_admin.note").GetString());
        Assert.Equal("active", identity.Text("state"));
        Assert.Equal(JsonValueKind.Null, identity.GetProperty("organization_id").ValueKind);
        Assert.Equal("ada@novaid.local", identity.At("credentials.password.identifiers.0").GetString());
        Assert.False(identity.At("credentials.password").TryGetProperty("config", out _));
        Assert.Equal(204, (int)deleted.StatusCode);
        Assert.Equal(404, (int)gone.StatusCode);
    }

    [Fact]
    public async Task A_deleted_person_has_no_session()
    {
        await using var zone = await KratosZone.StartAsync();
        var person = await zone.CreatePersonAsync("ada@novaid.local");
        var token = (await zone.LoginAsync("ada@novaid.local")).Text("session_token");

        using var deleted = await zone.Admin.SendAsync(HttpMethod.Delete, "/admin/identities/" + person.Text("id"));

        using var whoami = await zone.WhoAmIAsync(token);
        Assert.Equal(401, (int)whoami.StatusCode);
    }

    [Theory]
    [InlineData("{\"traits\":", 400)]
    [InlineData("{\"traits\":{\"email\":\"ada@novaid.local\"},\"rank\":\"General\"}", 400)]
    [InlineData("{\"traits\":{\"email\":\"ada@novaid.local\",\"rank\":\"General\"}}", 400)]
    [InlineData("{\"traits\":{}}", 400)]
    [InlineData("{\"traits\":{\"email\":\"ada@novaid.local\"},\"state\":\"asleep\"}", 400)]
    [InlineData("{\"traits\":{\"email\":\"ada@novaid.local\"},\"schema_id\":\"robot\"}", 400)]
    [InlineData("{\"traits\":{\"email\":\"ada@novaid.local\"},\"credentials\":{\"password\":{\"config\":{\"hashed_password\":\"$2a$12$x\"}}}}", 501)]
    [InlineData("{\"traits\":{\"email\":\"ada@novaid.local\"},\"credentials\":{\"oidc\":{}}}", 501)]
    [InlineData("{\"traits\":\"ada\"}", 400)]
    [InlineData("{\"traits\":{\"email\":\"ada@novaid.local\"},\"credentials\":7}", 400)]
    [InlineData("{\"traits\":{\"email\":\"ada@novaid.local\"},\"credentials\":{\"password\":\"secret\"}}", 400)]
    [InlineData("{\"traits\":{\"email\":\"ada@novaid.local\"},\"state\":7}", 400)]
    [InlineData("[]", 400)]
    public async Task A_bad_identity_is_refused_and_nothing_is_made(string body, int status)
    {
        await using var zone = await KratosZone.StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await zone.Admin.PostAsync("/admin/identities", content, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, (await response.JsonAsync()).At("error.code").GetInt32());
        using var list = await zone.Admin.FetchAsync("/admin/identities");
        Assert.Equal(0, (await list.JsonAsync()).GetArrayLength());
    }

    [Fact]
    public async Task A_schema_violation_is_told_as_Kratos_tells_it()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.Admin.PostJsonAsync("/admin/identities", new { traits = new { email = "ada@novaid.local", rank = "General" } });

        Assert.Equal(
            "I[#/traits] S[#/properties/traits/additionalProperties] additionalProperties \"rank\" not allowed",
            (await response.JsonAsync()).At("error.reason").GetString());
    }

    [Fact]
    public async Task An_address_that_is_taken_is_a_conflict()
    {
        await using var zone = await KratosZone.StartAsync();
        await zone.CreatePersonAsync("ada@novaid.local");

        using var response = await zone.Admin.PostJsonAsync("/admin/identities", new { traits = new { email = "Ada@novaid.local" } });

        Assert.Equal(409, (int)response.StatusCode);
        Assert.Equal("This identity conflicts with another identity that already exists.", (await response.JsonAsync()).At("error.reason").GetString());
    }

    [Fact]
    public async Task The_list_goes_page_by_page_and_misses_nobody()
    {
        await using var zone = await KratosZone.StartAsync();
        var made = new HashSet<string>();
        for (var i = 0; i < 7; i++)
        {
            using var created = await zone.Admin.PostJsonAsync("/admin/identities", new { traits = new { email = $"person{i}@novaid.local" } });
            made.Add((await created.JsonAsync()).Text("id"));
        }

        var seen = new List<string>();
        var next = "/admin/identities?page_size=3";
        for (var pages = 1; ; pages++)
        {
            using var response = await zone.Admin.FetchAsync(next);
            seen.AddRange((await response.JsonAsync()).EnumerateArray().Select(identity => identity.Text("id")));
            var links = response.Headers.GetValues("Link").Single().Split(',');
            Assert.EndsWith("rel=\"first\"", links[0]);
            if (links.Length == 1)
            {
                Assert.Equal(3, pages);
                break;
            }

            Assert.EndsWith("rel=\"next\"", links[1]);
            next = links[1].Split('<', '>')[1];
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), seen);
    }

    [Theory]
    [InlineData("page_token=forged")]
    [InlineData("page_token=1%27%20OR%201%3D1")]
    [InlineData("page_size=many")]
    [InlineData("ids=nobody")]
    [InlineData("include_credential=dna")]
    public async Task A_forged_page_token_or_a_bad_filter_is_refused(string query)
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.Admin.FetchAsync("/admin/identities?" + query);

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Identities_are_found_by_id_and_by_identifier()
    {
        await using var zone = await KratosZone.StartAsync();
        var ada = await zone.CreatePersonAsync("ada@novaid.local");
        var bob = await zone.CreatePersonAsync("bob@novaid.local");

        using var byId = await zone.Admin.FetchAsync("/admin/identities?ids=" + bob.Text("id"));
        using var byIdentifier = await zone.Admin.FetchAsync("/admin/identities?credentials_identifier=ADA@novaid.local");

        Assert.Equal([bob.Text("id")], (await byId.JsonAsync()).EnumerateArray().Select(identity => identity.Text("id")));
        Assert.Equal([ada.Text("id")], (await byIdentifier.JsonAsync()).EnumerateArray().Select(identity => identity.Text("id")));
    }

    [Fact]
    public async Task A_replacement_replaces_traits_metadata_state_and_password()
    {
        await using var zone = await KratosZone.StartAsync();
        var ada = await zone.CreatePersonAsync("ada@novaid.local");

        using var response = await zone.Admin.SendAsync(HttpMethod.Put, "/admin/identities/" + ada.Text("id"), new
        {
            schema_id = "person",
            state = "active",
            traits = new { email = "countess@novaid.local" },
            metadata_public = new { x = 1 },
            credentials = new { password = new { config = new { password = "a password from an administrator" } } },
        });

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("countess@novaid.local", (await response.JsonAsync()).At("traits.email").GetString());
        await zone.LoginAsync("countess@novaid.local", "a password from an administrator");
    }

    [Theory]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"inactive\"}]", 200)]
    [InlineData("[{\"op\":\"add\",\"path\":\"/metadata_admin/a/b\",\"value\":1}]", 200)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/traits/name/first\",\"value\":\"Augusta\"}]", 200)]
    [InlineData("[{\"op\":\"remove\",\"path\":\"/traits/name\"}]", 200)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"asleep\"}]", 400)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/traits/rank\",\"value\":\"General\"}]", 400)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/id\",\"value\":\"x\"}]", 400)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/ID\",\"value\":\"x\"}]", 400)]
    [InlineData("[{\"op\":\"remove\",\"path\":\"/credentials\"}]", 400)]
    [InlineData("[{\"op\":\"remove\",\"path\":\"/traits/nothing\"}]", 400)]
    [InlineData("[{\"op\":\"test\",\"path\":\"/state\",\"value\":\"active\"}]", 400)]
    [InlineData("[{\"op\":\"move\",\"from\":\"/traits\",\"path\":\"/metadata_public\"}]", 400)]
    [InlineData("{\"state\":\"inactive\"}", 400)]
    [InlineData("[{\"op\":", 400)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/credentials/password/config\",\"value\":{}}]", 501)]
    public async Task A_patch_changes_what_Kratos_lets_it_change(string patch, int status)
    {
        await using var zone = await KratosZone.StartAsync();
        var ada = await zone.CreatePersonAsync("ada@novaid.local");
        using var content = new StringContent(patch, System.Text.Encoding.UTF8, "application/json");
        var path = "/admin/identities/" + ada.Text("id");
        using var before = await zone.Admin.FetchAsync(path);

        using var response = await zone.Admin.PatchAsync(path, content, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        if (status != 200)
        {
            using var after = await zone.Admin.FetchAsync(path);
            Assert.Equal((await before.JsonAsync()).GetRawText(), (await after.JsonAsync()).GetRawText());
        }
    }

    [Fact]
    public async Task What_is_nested_deep_is_kept()
    {
        await using var zone = await KratosZone.StartAsync();
        var path = "/admin/identities/" + (await zone.CreatePersonAsync("ada@novaid.local")).Text("id");
        var deep = new string('[', 300) + new string(']', 300);
        using var content = new StringContent($$"""[{"op":"add","path":"/metadata_admin","value":{{deep}}}]""", System.Text.Encoding.UTF8, "application/json");

        using var response = await zone.Admin.PatchAsync(path, content, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
        using var read = await zone.Admin.FetchAsync(path);
        Assert.Contains(deep, await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_of_the_state_tells_when()
    {
        await using var zone = await KratosZone.StartAsync();
        var ada = await zone.CreatePersonAsync("ada@novaid.local");
        zone.Time.Advance(TimeSpan.FromHours(1));

        using var response = await zone.Admin.SendAsync(
            HttpMethod.Patch, "/admin/identities/" + ada.Text("id"), new[] { new { op = "replace", path = "/state", value = "inactive" } });

        var after = await response.JsonAsync();
        Assert.Equal(TimeSpan.FromHours(1), after.GetProperty("state_changed_at").GetDateTimeOffset() - ada.GetProperty("state_changed_at").GetDateTimeOffset());
        Assert.Equal(ada.GetProperty("created_at").GetString(), after.GetProperty("created_at").GetString());
    }

    [Theory]
    [InlineData("not-an-id")]
    [InlineData("8b7f8f60-0000-4000-8000-000000000000")]
    public async Task An_unknown_identity_is_not_found(string id)
    {
        await using var zone = await KratosZone.StartAsync();

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            using var response = await zone.Admin.SendAsync(method, "/admin/identities/" + id);
            Assert.Equal(404, (int)response.StatusCode);
            Assert.Equal("Unable to locate the resource", (await response.JsonAsync()).At("error.message").GetString());
        }
    }

    [Fact]
    public async Task The_prefix_may_be_left_out_as_in_real_Kratos()
    {
        await using var zone = await KratosZone.StartAsync();

        using var response = await zone.Admin.FetchAsync("/identities");

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Eight_people_are_made_at_once_in_little_time()
    {
        await using var zone = await KratosZone.StartAsync();

        var people = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => zone.CreatePersonAsync($"person{i}@novaid.local")));

        Assert.Equal(8, people.Select(person => person.Text("id")).Distinct().Count());
    }
}
