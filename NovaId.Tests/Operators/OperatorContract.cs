using System.Text.Json.Nodes;
using NovaId.Contract;
using NovaId.Contract.Drivers;

namespace NovaId.Tests.Operators;

/// <summary>The operator's program on a zone that others use too: what it says is so, and what it says of scripts is JSON.</summary>
public abstract class OperatorContract(IZone zone) : ZoneContract(zone)
{
    [Fact]
    public async Task A_rank_is_given_once_changed_and_taken()
    {
        var person = await NewPersonAsync();

        var given = (await JsonAsync("rank", person.Email, "Sergeant")).ToJson();
        Assert.Equal((person.Id, person.Email, true, "Sergeant"), (Text(given, "id"), Text(given, "email"), Truth(given, "changed"), Text(given, "rank")));
        Assert.Equal(["Sergeant"], await Operator.RanksAsync(person.Id));
        Assert.False(Truth((await JsonAsync("rank", person.Id, "Sergeant")).ToJson(), "changed"));

        Assert.Contains("is a Private now", (await RunAsync("rank", person.Id, "Private")).Output, StringComparison.Ordinal);
        Assert.Equal(["Private"], await Operator.RanksAsync(person.Id));

        Assert.True(Truth((await JsonAsync("rank", person.Email, "none")).ToJson(), "changed"));
        Assert.Empty(await Operator.RanksAsync(person.Id));
    }

    [Fact]
    public async Task Whoever_is_deactivated_is_out_and_whoever_is_activated_can_log_in()
    {
        var person = await NewPersonAsync();

        Assert.True(Truth((await JsonAsync("deactivate", person.Email)).ToJson(), "changed"));
        (await person.Caller.GetAsync("/api/me")).Expect(401);
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(401);
        Assert.False(Truth((await JsonAsync("deactivate", person.Email)).ToJson(), "changed"));

        Assert.True(Truth((await JsonAsync("activate", person.Email)).ToJson(), "changed"));
        Assert.False(Truth((await JsonAsync("activate", person.Email)).ToJson(), "changed"));
        // The old session has ended for good.
        (await person.Caller.GetAsync("/api/me")).Expect(401);
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(200);
    }

    [Fact]
    public async Task Sessions_are_listed_and_end_one_by_one_or_all_at_once()
    {
        var person = await NewPersonAsync();
        var second = await Kratos.LoginAsync(person);
        var third = await Kratos.LoginAsync(person);

        string[] expected = [person.Session.Id, second.Id, third.Id];
        Assert.Equal(expected.Order(), await SessionsAsync(person));
        Assert.Contains(second.Id, (await RunAsync("sessions", person.Email)).Output, StringComparison.Ordinal);

        Assert.Equal(1, (await JsonAsync("sessions", person.Email, "--end", second.Id)).ToJson()["ended"]!.GetValue<int>());
        (await Kratos.WhoAmIAsync(second.Token)).Expect(401);
        (await Kratos.WhoAmIAsync(third.Token)).Expect(200);
        var gone = await RunAsync("sessions", person.Email, "--end", second.Id);
        Assert.Equal(1, gone.Code);
        Assert.Contains($"no active session '{second.Id}'", gone.Errors, StringComparison.Ordinal);

        Assert.Equal(2, (await JsonAsync("sessions", person.Email, "--end")).ToJson()["ended"]!.GetValue<int>());
        (await Kratos.WhoAmIAsync(third.Token)).Expect(401);
        Assert.False(Truth((await JsonAsync("sessions", person.Email, "--end")).ToJson(), "changed"));
        Assert.Empty(await SessionsAsync(person));
    }

    [Fact]
    public async Task Another_persons_session_is_not_ended_by_mistake()
    {
        var (person, other) = (await NewPersonAsync(), await NewPersonAsync());

        Assert.Equal(1, (await RunAsync("sessions", person.Email, "--end", other.Session.Id)).Code);

        (await Kratos.WhoAmIAsync(other.Session.Token)).Expect(200);
    }

    [Fact]
    public async Task A_recovery_code_opens_the_account_once()
    {
        var person = await NewPersonAsync();

        var recovery = (await JsonAsync("recover", person.Email)).ToJson();

        var flow = Browser.Query(new Uri(Text(recovery, "link")), "flow");
        var (browser, again) = (NewBrowser(), NewBrowser());
        (await SubmitAsync(browser)).Expect(303);
        Assert.Equal(person.Id, (await browser.GetAsync(KratosFlows.WhoAmI)).Expect(200)["identity.id"].GetString());
        await SubmitAsync(again);
        (await again.GetAsync(KratosFlows.WhoAmI)).Expect(401);
        Assert.True(DateTimeOffset.Parse(Text(recovery, "expiresAt"), System.Globalization.CultureInfo.InvariantCulture) > DateTimeOffset.UtcNow);

        Task<Reply> SubmitAsync(Browser page) =>
            page.PostFormAsync($"{KratosFlows.Root}/self-service/recovery?flow={flow}", ("method", "code"), ("code", Text(recovery, "code")));
    }

    [Fact]
    public async Task An_API_key_is_made_listed_used_and_revoked()
    {
        var person = await NewPersonAsync("Major");

        var made = (await JsonAsync("key", "add", person.Email, "--name", "report", "--scope", "novaid.read", "--capability", "users.view", "logs.view")).ToJson();
        var key = new OAuth2Client(Text(made, "clientId"), Text(made, "clientSecret"));
        var caller = Anonymous.WithBearer(await OAuth2.AccessTokenAsync(key, "novaid.read"));
        (await caller.GetAsync("/api/users?pageSize=1")).Expect(200);
        (await OAuth2.ClientCredentialsAsync(key, "novaid.write")).Expect(400);

        var listed = Assert.Single((await JsonAsync("key", "list", person.Id)).ToJson()["keys"]!.AsArray())!;
        Assert.Equal((key.Id, "report"), (Text(listed, "clientId"), Text(listed, "name")));
        Assert.Equal(["users.view", "logs.view"], listed["capabilities"]!.AsArray().Select(capability => capability!.GetValue<string>()));
        Assert.DoesNotContain(key.Secret!, (await RunAsync("key", "list", person.Id)).Output, StringComparison.Ordinal);
        // As the API says it too.
        Assert.Equal([key.Id], await person.Caller.ListAsync("/api/keys"));

        Assert.True(Truth((await JsonAsync("key", "revoke", key.Id)).ToJson(), "changed"));
        (await caller.GetAsync("/api/users?pageSize=1")).Expect(401);
        Assert.False(Truth((await JsonAsync("key", "revoke", key.Id)).ToJson(), "changed"));
        Assert.Equal(0, await Operator.TuplesAsync("Capability", $"subject_id=client:{key.Id}"));
    }

    [Fact]
    public async Task What_the_configuration_does_not_say_is_taken_out_once_and_nothing_else_changes()
    {
        // Somebody is General, so that nobody is made one.
        await SharedPersonAsync("General");
        var capability = $"contract.{Guid.NewGuid():N}";
        (await Anonymous.WithBearer(await Tools.ServiceTokenAsync("keto.tuples.patch")).PatchAsync(
            "/svc/keto/admin/relation-tuples",
            new[] { new { action = "insert", relation_tuple = new { @namespace = "Capability", @object = capability, relation = "requires", subject_set = new { @namespace = "Rank", @object = "Private", relation = "" } } } })).Expect(204);

        var first = (await JsonAsync("seed", "--general", KratosFlows.NewEmail())).ToJson();

        Assert.True(Truth(first, "changed"));
        Assert.Equal((0, 1, null), (Number(first, "tuplesAdded"), Number(first, "tuplesRemoved"), first["general"]?.GetValue<string>()));
        var second = await RunAsync("seed");
        Assert.Equal((0, "The zone is seeded already. Nothing was changed."), (second.Code, second.Output.Trim()));
    }

    [Theory]
    [InlineData("rank", "nobody@contract.test", "Private")]
    [InlineData("deactivate", "nobody@contract.test")]
    [InlineData("activate", "00000000-0000-4000-8000-000000000000")]
    [InlineData("sessions", "nobody@contract.test")]
    [InlineData("recover", "nobody@contract.test")]
    [InlineData("key", "list", "nobody@contract.test")]
    public async Task Somebody_unknown_is_named(params string[] arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains($"Nobody is registered as '{arguments.Single(argument => argument.Contains("nobody", StringComparison.Ordinal) || argument.StartsWith('0'))}'", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_opens_what_it_was_asked_for_and_nothing_else()
    {
        var person = await NewPersonAsync();
        var document = (await JsonAsync("token", "--scope", "kratos.identities.get", "kratos.identities.list")).ToJson();
        var until = DateTimeOffset.Parse(Text(document, "expiresAt"), System.Globalization.CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow;
        Assert.InRange(until, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(10));
        var alone = (await RunAsync("token", "--scope", "kratos.identities.get")).Output.Trim();

        foreach (var token in new[] { Text(document, "token"), alone })
        {
            (await Anonymous.WithBearer(token).GetAsync($"/svc/kratos/admin/identities/{person.Id}")).Expect(200);
            (await Anonymous.WithBearer(token).DeleteAsync($"/svc/kratos/admin/identities/{person.Id}")).Expect(403);
        }

        var refused = await RunAsync("token", "--scope", "everything");
        Assert.Equal((4, ""), (refused.Code, refused.Output));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task A_secret_that_is_refused_is_said_and_not_shown(string format)
    {
        var run = await OperatorRun.OnAsync(Zone.Gateway, new ServiceClient(Zone.Operator.Id, "not-the-secret"), "sessions", "nobody@contract.test", "--output", format);

        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.DoesNotContain("not-the-secret", run.Errors, StringComparison.Ordinal);
        var failure = format == "json" ? JsonNode.Parse(run.Errors)! : new JsonObject { ["error"] = run.Errors, ["exitCode"] = 4 };
        Assert.Contains("gave 'novaid-operator' no token (401", Text(failure, "error"), StringComparison.Ordinal);
        Assert.Equal(4, Number(failure, "exitCode"));
    }

    [Fact]
    public async Task A_client_without_the_scopes_gets_nothing_done()
    {
        var client = await Operator.CreateClientAsync("kratos.identities.list", "novaid-gateway", ["client_credentials"]);

        var run = await OperatorRun.OnAsync(Zone.Gateway, new ServiceClient(client.Id, client.Secret!), "activate", "nobody@contract.test");

        Assert.Equal(4, run.Code);
        Assert.Contains(client.Id, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(client.Secret!, run.Errors, StringComparison.Ordinal);
    }

    private static string Text(JsonNode document, string name) => document[name]!.GetValue<string>();

    private static bool Truth(JsonNode document, string name) => document[name]!.GetValue<bool>();

    private static int Number(JsonNode document, string name) => document[name]!.GetValue<int>();

    private Task<OperatorRun> RunAsync(params string[] arguments) => OperatorRun.OnAsync(Zone, arguments);

    private Task<OperatorRun> JsonAsync(params string[] arguments) => OperatorRun.OnAsync(Zone, [.. arguments, "--output", "json"]);

    private async Task<IEnumerable<string>> SessionsAsync(Person person) =>
        (await JsonAsync("sessions", person.Email)).ToJson()["sessions"]!.AsArray().Select(session => Text(session!, "id")).Order();
}
