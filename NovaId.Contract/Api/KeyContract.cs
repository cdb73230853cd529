namespace NovaId.Contract.Api;

/// <summary>API keys: a program's own credentials, never worth more than their owner.</summary>
public abstract class KeyContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task A_person_makes_a_key_whose_secret_is_shown_once()
    {
        var person = await NewPersonAsync();

        var made = await MakeAsync(person, "Backup", ["novaid.read"]);

        Assert.Matches($"^key-{person.Id}-[0-9a-f]{{16}}$", made["id"].GetString());
        Assert.Equal("Backup", made["name"].GetString());
        Assert.Equal(person.Id, made["ownerId"].GetString());
        var secret = made["clientSecret"].GetString()!;
        Assert.True(secret.Length >= 32);
        var list = (await person.Caller.GetAsync("/api/keys")).Expect(200);
        Assert.Equal([made["id"].GetString()], list.Strings("items", "id"));
        Assert.DoesNotContain(secret, list.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("clientSecret", list.Body, StringComparison.Ordinal);
        await DeleteAsync(person, made);
    }

    [Fact]
    public async Task A_key_calls_the_API_as_itself()
    {
        var person = await NewPersonAsync("Sergeant");
        var made = await MakeAsync(person, "Report", ["novaid.read"], "users.view");
        var key = await CallerAsync(made, "novaid.read");

        var me = (await key.GetAsync("/api/me")).Expect(200);
        Assert.Equal("client", me["kind"].GetString());
        Assert.Equal(made["id"].GetString(), me["id"].GetString());
        (await key.GetAsync("/api/users?pageSize=1")).Expect(200);
        await DeleteAsync(person, made);
    }

    [Fact]
    public async Task A_key_has_no_capability_that_it_was_not_made_with()
    {
        var person = await NewPersonAsync("General");
        var made = await MakeAsync(person, "Report", ["novaid.read"], "users.view");
        var key = await CallerAsync(made, "novaid.read");

        (await key.GetAsync("/api/users?pageSize=1")).Expect(200);
        (await key.GetAsync("/api/logs?pageSize=1")).ExpectProblem(403);
        await DeleteAsync(person, made);
    }

    [Fact]
    public async Task A_key_has_no_scope_that_it_was_not_made_with()
    {
        var person = await NewPersonAsync();
        var made = await MakeAsync(person, "Reader", ["novaid.read"]);

        var reply = await OAuth2.ClientCredentialsAsync(ClientOf(made), "novaid.write");

        Assert.Equal("invalid_scope", reply.Expect(400)["error"].GetString());
        await DeleteAsync(person, made);
    }

    [Fact]
    public async Task A_key_loses_what_its_owner_loses()
    {
        var person = await NewPersonAsync("Sergeant");
        var made = await MakeAsync(person, "Report", ["novaid.read"], "users.view");
        var key = await CallerAsync(made, "novaid.read");
        (await key.GetAsync("/api/users?pageSize=1")).Expect(200);

        await Operator.TakeRankAsync(person.Id, "Sergeant");

        (await key.GetAsync("/api/users?pageSize=1")).ExpectProblem(403);
        await DeleteAsync(person, made);
    }

    [Fact]
    public async Task A_key_of_an_inactive_person_is_worth_nothing()
    {
        var person = await NewPersonAsync("Sergeant");
        var made = await MakeAsync(person, "Report", ["novaid.read"], "users.view");
        var key = await CallerAsync(made, "novaid.read");
        (await key.GetAsync("/api/users?pageSize=1")).Expect(200);

        await Operator.SetStateAsync(person.Id, "inactive");

        (await key.GetAsync("/api/users?pageSize=1")).ExpectProblem(401);
        (await key.GetAsync("/api/me")).ExpectProblem(401);
        await Operator.SetStateAsync(person.Id, "active");
        await DeleteAsync(person, made);
    }

    [Fact]
    public async Task Nobody_gives_a_key_a_capability_they_do_not_hold()
    {
        var person = await SharedPersonAsync("Corporal");

        var key = new { name = "Spy", scopes = new[] { "novaid.read" }, capabilities = new[] { "users.view" } };
        var reply = await person.Caller.PostAsync("/api/keys", key);

        Assert.Equal("capability users.view", reply.ExpectProblem(403)["required"].GetString());
    }

    [Fact]
    public async Task A_key_that_was_deleted_is_dead_at_once()
    {
        var person = await NewPersonAsync();
        var made = await MakeAsync(person, "Backup", ["novaid.read"]);
        var key = await CallerAsync(made, "novaid.read");
        (await key.GetAsync("/api/me")).Expect(200);

        await DeleteAsync(person, made);

        (await key.GetAsync("/api/me")).ExpectByGateway(401);
        (await OAuth2.ClientCredentialsAsync(ClientOf(made), "novaid.read")).Expect(401);
        Assert.Empty((await person.Caller.GetAsync("/api/keys")).Expect(200)["items"].EnumerateArray());
    }

    [Fact]
    public async Task Nobody_deletes_or_lists_the_keys_of_another()
    {
        var (person, colonel) = (await NewPersonAsync(), await SharedPersonAsync("Colonel"));
        var made = await MakeAsync(person, "Backup", ["novaid.read"]);

        (await colonel.Caller.DeleteAsync($"/api/keys/{made["id"].GetString()}")).ExpectProblem(403);
        (await colonel.Caller.GetAsync($"/api/keys?owner={person.Id}")).ExpectProblem(403);

        (await OAuth2.ClientCredentialsAsync(ClientOf(made), "novaid.read")).Expect(200);
        await DeleteAsync(person, made);
    }

    [Fact]
    public async Task A_general_manages_the_keys_of_anyone()
    {
        var (person, general) = (await NewPersonAsync(), await SharedPersonAsync("General"));
        var made = await MakeAsync(person, "Backup", ["novaid.read"]);

        var list = (await general.Caller.GetAsync($"/api/keys?owner={person.Id}")).Expect(200);
        Assert.Equal([made["id"].GetString()], list.Strings("items", "id"));

        (await general.Caller.DeleteAsync($"/api/keys/{made["id"].GetString()}")).Expect(204);
        (await OAuth2.ClientCredentialsAsync(ClientOf(made), "novaid.read")).Expect(401);
    }

    [Fact]
    public async Task A_key_makes_no_keys()
    {
        var person = await NewPersonAsync();
        var made = await MakeAsync(person, "Backup", ["novaid.read", "novaid.write"]);
        var key = await CallerAsync(made, "novaid.write");

        var child = new { name = "Child", scopes = new[] { "novaid.read" }, capabilities = Array.Empty<string>() };
        (await key.PostAsync("/api/keys", child)).ExpectProblem(403);
        await DeleteAsync(person, made);
    }

    [Theory]
    [InlineData("novaid-api")]
    [InlineData("novaid-operator")]
    [InlineData("key-1")]
    public async Task A_client_that_is_no_key_cannot_be_deleted_here(string id)
    {
        (await (await SharedPersonAsync("General")).Caller.DeleteAsync($"/api/keys/{id}")).ExpectProblem(400);

        if (!id.StartsWith("key-", StringComparison.Ordinal))
        {
            (await (await Operator.CallerAsync()).GetAsync($"/svc/hydra/admin/clients/{id}")).Expect(200);
        }
    }

    [Theory]
    [InlineData("""{"name":"","scopes":["novaid.read"],"capabilities":[]}""")]
    [InlineData("""{"name":"x","scopes":[],"capabilities":[]}""")]
    [InlineData("""{"name":"x","scopes":["kratos.identities.list"],"capabilities":[]}""")]
    [InlineData("""{"name":"x","scopes":["novaid.read"],"capabilities":["users.delete"]}""")]
    [InlineData("""{"name":"x","scopes":["novaid.read"]}""")]
    [InlineData("""{"name":"x","scopes":["novaid.read"],"capabilities":[],"audience":["novaid-gateway"]}""")]
    public async Task What_is_no_key_is_refused(string content)
    {
        using var json = new StringContent(content, System.Text.Encoding.UTF8, "application/json");

        (await (await SharedPersonAsync("General")).Caller.PostAsync("/api/keys", json)).ExpectProblem(400);
    }

    private static async Task<Reply> MakeAsync(Person person, string name, string[] scopes, params string[] capabilities) =>
        (await person.Caller.PostAsync("/api/keys", new { name, scopes, capabilities })).Expect(201);

    private static async Task DeleteAsync(Person person, Reply made) =>
        (await person.Caller.DeleteAsync($"/api/keys/{made["id"].GetString()}")).Expect(204);

    private static OAuth2Client ClientOf(Reply made) => new(made["id"].GetString()!, made["clientSecret"].GetString());

    private async Task<Caller> CallerAsync(Reply made, string scope) =>
        Anonymous.WithBearer(await OAuth2.AccessTokenAsync(ClientOf(made), scope));
}
