using System.Collections.Concurrent;
using System.Text.Json;

namespace NovaId.Contract.Api;

/// <summary>A person's own account: their sessions, the apps they let in, all that is held about them, and its end.</summary>
public abstract class AccountContract(IZone zone) : ZoneContract(zone)
{
    private const int Callers = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_person_sees_where_they_are_logged_in_this_session_first()
    {
        var person = await NewPersonAsync();
        var (second, third) = (await Kratos.LoginAsync(person), await Kratos.LoginAsync(person));

        var list = (await Anonymous.WithSessionToken(second.Token).GetAsync("/api/me/sessions")).Expect(200);

        Assert.Equal(second.Id, list.Strings("items", "id").First());
        Assert.Equal([second.Id, third.Id, person.Session.Id], list.Strings("items", "id"));
        var current = list["items"][0];
        Assert.True(current.GetProperty("isCurrent").GetBoolean());
        Assert.Equal("aal1", current.GetProperty("assuranceLevel").GetString());
        Assert.Equal("password", Assert.Single(current.GetProperty("methods").EnumerateArray()).GetString());
        Assert.InRange(DateTimeOffset.UtcNow - current.GetProperty("since").GetDateTimeOffset(), TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(5));
        Assert.True(current.GetProperty("expiresAt").GetDateTimeOffset() > DateTimeOffset.UtcNow);
        Assert.Equal([true, false, false], list["items"].EnumerateArray().Select(item => item.GetProperty("lastUsedAt").ValueKind == JsonValueKind.String));
        // Kratos sees the gateway, and that is of the inside.
        Assert.All(list["items"].EnumerateArray(), item => Assert.Equal(JsonValueKind.Null, item.GetProperty("address").ValueKind));
    }

    [Fact]
    public async Task A_session_says_which_device_it_is_on()
    {
        var person = await NewPersonAsync();
        var phone = Anonymous.With("User-Agent", "Contract/1.0 (a telephone)");
        var action = await Kratos.BeginAsync("login", phone);
        var login = (await phone.PostAsync(action, new { method = "password", identifier = person.Email, password = person.Password })).Expect(200);

        var list = (await person.Caller.GetAsync("/api/me/sessions")).Expect(200);

        var other = list["items"].EnumerateArray().Single(item => item.GetProperty("id").GetString() == login["session.id"].GetString());
        Assert.Equal("Contract/1.0 (a telephone)", other.GetProperty("userAgent").GetString());
    }

    [Fact]
    public async Task A_session_that_is_ended_is_refused_from_the_next_request_on()
    {
        var person = await NewPersonAsync();
        var other = await Kratos.LoginAsync(person);
        (await Anonymous.WithSessionToken(other.Token).GetAsync("/api/me")).Expect(200);

        (await person.Caller.DeleteAsync($"/api/me/sessions/{other.Id}")).Expect(204);

        (await Anonymous.WithSessionToken(other.Token).GetAsync("/api/me")).ExpectByGateway(401);
        Assert.Equal([person.Session.Id], (await person.Caller.GetAsync("/api/me/sessions")).Expect(200).Strings("items", "id"));
        (await person.Caller.DeleteAsync($"/api/me/sessions/{other.Id}")).ExpectProblem(404);
    }

    [Fact]
    public async Task All_other_sessions_are_ended_at_once_and_this_one_goes_on()
    {
        var (person, somebody) = (await NewPersonAsync(), await NewPersonAsync());
        var others = new List<Session>();
        for (var number = 0; number < 4; number++)
        {
            others.Add(await Kratos.LoginAsync(person));
        }

        (await person.Caller.DeleteAsync("/api/me/sessions")).Expect(204);

        foreach (var other in others)
        {
            (await Anonymous.WithSessionToken(other.Token).GetAsync("/api/me")).ExpectByGateway(401);
        }

        (await person.Caller.GetAsync("/api/me")).Expect(200);
        (await somebody.Caller.GetAsync("/api/me")).Expect(200);
    }

    [Fact]
    public async Task A_person_ends_the_session_they_call_with()
    {
        var person = await NewPersonAsync();

        (await person.Caller.DeleteAsync($"/api/me/sessions/{person.Session.Id}")).Expect(204);

        (await person.Caller.GetAsync("/api/me")).ExpectByGateway(401);
    }

    [Theory]
    [InlineData("/api/me/sessions/nonsense")]
    [InlineData("/api/me/sessions/AAAAAAAA-0000-4000-8000-000000000000")]
    [InlineData("/api/me/apps/a%20b")]
    [InlineData("/api/me/apps/%C3%A4")]
    public async Task What_names_nothing_is_refused(string target) =>
        (await (await SharedPersonAsync()).Caller.DeleteAsync(target)).ExpectProblem(400);

    [Fact]
    public async Task A_person_sees_the_apps_they_let_in()
    {
        var (person, app, other) = (await NewPersonAsync(), await Operator.CreateClientAsync(), await Operator.CreateClientAsync());
        Assert.Empty((await person.Caller.GetAsync("/api/me/apps")).Expect(200)["items"].EnumerateArray());
        await AuthorizeAsync(app, person, "openid", "novaid.read");
        await AuthorizeAsync(app, person, "novaid.write");
        await AuthorizeAsync(other, person);

        var list = (await person.Caller.GetAsync("/api/me/apps")).Expect(200);

        Assert.Equal(new[] { app.Id, other.Id }.Order(StringComparer.OrdinalIgnoreCase), list.Strings("items", "clientId"));
        var item = list["items"].EnumerateArray().Single(one => one.GetProperty("clientId").GetString() == app.Id);
        Assert.Equal(["novaid.read", "novaid.write", "openid"], item.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal(["novaid-api"], item.GetProperty("audience").EnumerateArray().Select(audience => audience.GetString()));
        Assert.InRange(DateTimeOffset.UtcNow - item.GetProperty("since").GetDateTimeOffset(), TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(5));
        Assert.DoesNotContain(app.Secret!, list.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_is_taken_away_is_refused_from_the_next_request_on_and_another_is_not()
    {
        var (person, app, other) = (await NewPersonAsync(), await Operator.CreateClientAsync(), await Operator.CreateClientAsync());
        var (first, second, kept) = (await AuthorizeAsync(app, person), await AuthorizeAsync(app, person), await AuthorizeAsync(other, person));
        (await Anonymous.WithBearer(first.Access).GetAsync("/api/me")).Expect(200);

        (await person.Caller.DeleteAsync($"/api/me/apps/{app.Id}")).Expect(204);

        (await Anonymous.WithBearer(first.Access).GetAsync("/api/me")).ExpectByGateway(401);
        (await Anonymous.WithBearer(second.Access).GetAsync("/api/me")).ExpectByGateway(401);
        (await OAuth2.RefreshAsync(app, first.Refresh!)).Expect(400);
        (await OAuth2.RefreshAsync(app, second.Refresh!)).Expect(400);
        (await Anonymous.WithBearer(kept.Access).GetAsync("/api/me")).Expect(200);
        Assert.Equal([other.Id], (await person.Caller.GetAsync("/api/me/apps")).Expect(200).Strings("items", "clientId"));
        (await person.Caller.DeleteAsync($"/api/me/apps/{app.Id}")).ExpectProblem(404);
    }

    [Fact]
    public async Task A_code_of_an_app_that_is_taken_away_is_worth_nothing()
    {
        var (person, app) = (await NewPersonAsync(), await Operator.CreateClientAsync());
        var flow = NewFlow(app);
        var callback = await flow.GrantAsync(person.Id);

        (await person.Caller.DeleteAsync($"/api/me/apps/{app.Id}")).Expect(204);

        (await flow.ExchangeAsync(flow.Code(callback))).Expect(400);
    }

    [Fact]
    public async Task An_export_is_everything_and_tells_no_secret()
    {
        var (person, app) = (await NewPersonAsync("Corporal"), await Operator.CreateClientAsync());
        var tokens = await AuthorizeAsync(app, person);
        var document = await Operator.CreateDocumentAsync(person.Caller, "A title of their own");
        var made = (await person.Caller.PostAsync("/api/keys", Key("Report"))).Expect(201);

        var export = (await person.Caller.GetAsync("/api/me/export")).Expect(200);

        Assert.Equal("application/json", export.ContentType);
        Assert.Equal(person.Id, export["person.id"].GetString());
        Assert.Equal(person.Email, export["person.email"].GetString());
        Assert.Contains("password", export.Strings("person.credentials", "type"));
        Assert.Equal("Corporal", export["rank"].GetString());
        Assert.Contains(export["relations"].EnumerateArray(), one => one.GetProperty("object").GetString() == document);
        Assert.Equal([person.Session.Id], export.Strings("sessions", "id"));
        Assert.Equal([app.Id], export.Strings("apps", "clientId"));
        Assert.Equal([made["id"].GetString()], export.Strings("apiKeys", "id"));
        Assert.Equal(["A title of their own"], export.Strings("documents", "title"));
        Assert.Contains("/api/keys", export.Strings("accessLog", "path"));
        foreach (var secret in new[] { person.Session.Token, person.Password, tokens.Access, tokens.Refresh!, made["clientSecret"].GetString()!, "hashed_password", "$2a$" })
        {
            Assert.DoesNotContain(secret, export.Body, StringComparison.Ordinal);
        }

        (await person.Caller.DeleteAsync($"/api/keys/{made["id"].GetString()}")).Expect(204);
    }

    [Fact]
    public async Task The_schema_of_an_export_is_open_to_anyone()
    {
        var schema = (await Anonymous.GetAsync("/api/docs/account-export.schema.json")).Expect(200);

        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema["$schema"].GetString());
        var export = (await (await NewPersonAsync()).Caller.GetAsync("/api/me/export")).Expect(200);
        Assert.Equal(schema["properties"].EnumerateObject().Select(one => one.Name), export.Json.EnumerateObject().Select(one => one.Name));
        Assert.EndsWith("/api/docs/account-export.schema.json", export["$schema"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_person_who_is_deleted_under_load_nothing_is_allowed_and_nothing_is_left()
    {
        var (person, app) = (await NewPersonAsync("Sergeant"), await Operator.CreateClientAsync());
        var remains = await FillAsync(person, app);
        using var stopped = new CancellationTokenSource();
        var answers = new ConcurrentQueue<(DateTimeOffset Start, Reply Reply)>();
        var work = Task.WhenAll(Enumerable.Range(0, Callers).Select(number => WorkAsync(number, person, app, remains, answers, stopped.Token)));
        await Waiting.UntilAsync(() => work.IsCompleted || answers.Any(answer => answer.Reply.Status < 300), Patience);

        (await person.Caller.DeleteAsync("/api/me")).Expect(204);
        var deleted = DateTimeOffset.UtcNow;
        await Waiting.UntilAsync(() => work.IsCompleted || answers.Count(answer => answer.Start > deleted) >= Callers, Patience);
        await stopped.CancelAsync();
        await work;

        var later = answers.Where(answer => answer.Start > deleted).Select(answer => answer.Reply).ToArray();
        later.Where(reply => reply.Status is < 400 or >= 500).Expect(401);
        await AssertNothingLeftAsync(person, remains);
    }

    [Fact]
    public async Task A_deleted_person_may_register_anew_and_finds_nothing_of_before()
    {
        var person = await NewPersonAsync("General");
        (await person.Caller.DeleteAsync("/api/me")).Expect(204);
        (await Kratos.LoginAsync(person.Email, person.Password)).Expect(400);

        var again = (await Kratos.RegisterAsync(person.Password, new { email = person.Email })).Expect(200);

        Operator.Remember(again["identity.id"].GetString()!);
        var caller = Anonymous.WithSessionToken(again["session_token"].GetString()!);
        var me = (await caller.GetAsync("/api/me")).Expect(200);
        Assert.NotEqual(person.Id, me["id"].GetString());
        Assert.Equal(JsonValueKind.Null, me["rank"].ValueKind);
        (await caller.GetAsync("/api/users")).ExpectProblem(403);
    }

    [Fact]
    public async Task What_others_own_and_the_access_log_stay()
    {
        var (person, other, major) = (await NewPersonAsync(), await NewPersonAsync(), await SharedPersonAsync("Major"));
        var document = await Operator.CreateDocumentAsync(other.Caller);
        var sharing = new { editors = Array.Empty<object>(), viewers = new[] { new { user = person.Id } }, minimumRank = (string?)null };
        (await other.Caller.PutAsync($"/api/documents/{document}/sharing", sharing)).Expect(200);
        (await person.Caller.GetAsync($"/api/documents/{document}")).Expect(200);

        (await person.Caller.DeleteAsync("/api/me")).Expect(204);

        (await other.Caller.GetAsync($"/api/documents/{document}")).Expect(200);
        Assert.Equal(0, await Operator.TuplesAsync("Document", $"subject_id={person.Id}"));
        var log = (await major.Caller.GetAsync($"/api/logs/users/{person.Id}")).Expect(200);
        Assert.Contains($"/api/documents/{document}", log.Strings("items", "path"));
        Assert.Contains(log["items"].EnumerateArray(), one => one.GetProperty("method").GetString() == "DELETE" && one.GetProperty("path").GetString() == "/api/me");
    }

    /// <summary>Gives a person something of everything that an account can hold.</summary>
    internal static async Task<AccountRemains> FillAsync(ZoneTools tools, Operator @operator, AuthorizationFlow flow, Person person, int documents)
    {
        var remains = new AccountRemains();
        for (var number = 0; number < documents; number++)
        {
            remains.Documents.Add((await person.Caller.PostAsync("/api/documents", new { title = "Theirs", content = "x" })).Expect(201)["id"].GetString()!);
        }

        var made = (await person.Caller.PostAsync("/api/keys", Key("Report", "users.view"))).Expect(201);
        remains.Keys.Add(made["id"].GetString()!);
        remains.KeyToken = await tools.OAuth2.AccessTokenAsync(new(made["id"].GetString()!, made["clientSecret"].GetString()!), "novaid.read novaid.write");
        remains.Documents.Add((await tools.Anonymous.WithBearer(remains.KeyToken).PostAsync("/api/documents", new { title = "Theirs", content = "x" }))
            .Expect(201)["id"].GetString()!);
        await @operator.GrantAsync(person.Id, "users.view");
        remains.Tokens = await flow.RedeemAsync(await flow.GrantAsync(person.Id));
        await tools.Kratos.LoginAsync(person);
        return remains;
    }

    /// <summary>Fails if anything is left of a person.</summary>
    internal static async Task AssertNothingLeftAsync(Operator @operator, Person person, AccountRemains remains)
    {
        Assert.False(await @operator.ExistsAsync(person.Id));
        Assert.Equal(
            "0 sessions, 0 consents, 0 clients",
            $"{await @operator.SessionsOfAsync(person.Id)} sessions, {await @operator.ConsentsAsync(person.Id)} consents, "
                + $"{await @operator.ClientsOfAsync(person.Id)} clients");
        foreach (var subject in remains.Keys.Select(key => $"client:{key}").Append(person.Id))
        {
            foreach (var @namespace in new[] { "Rank", "Capability", "Document" })
            {
                Assert.Equal(0, await @operator.TuplesAsync(@namespace, $"subject_id={Uri.EscapeDataString(subject)}"));
            }
        }

        foreach (var document in remains.Documents)
        {
            Assert.Equal(0, await @operator.TuplesAsync("Document", $"object={document}"));
        }
    }

    private static object Key(string name, params string[] capabilities) =>
        new { name, scopes = new[] { "novaid.read", "novaid.write" }, capabilities };

    private Task<AccountRemains> FillAsync(Person person, OAuth2Client app) => FillAsync(Tools, Operator, NewFlow(app), person, documents: 5);

    private Task AssertNothingLeftAsync(Person person, AccountRemains remains) => AssertNothingLeftAsync(Operator, person, remains);

    /// <summary>One of many who act for a person: by session, by app, by key; reading, writing, logging in.</summary>
    private async Task WorkAsync(
        int number,
        Person person,
        OAuth2Client app,
        AccountRemains remains,
        ConcurrentQueue<(DateTimeOffset Start, Reply Reply)> answers,
        CancellationToken stopped)
    {
        var (byKey, byApp) = (Anonymous.WithBearer(remains.KeyToken!), Anonymous.WithBearer(remains.Tokens!.Access));
        while (!stopped.IsCancellationRequested)
        {
            var start = DateTimeOffset.UtcNow;
            var reply = await ((number % 8) switch
            {
                0 => person.Caller.GetAsync("/api/me"),
                1 => person.Caller.PostAsync("/api/documents", new { title = "New", content = "x" }),
                2 => person.Caller.PostAsync("/api/keys", Key("New")),
                3 => byKey.PostAsync("/api/documents", new { title = "New", content = "x" }),
                4 => byApp.GetAsync("/api/me"),
                5 => byApp.PostAsync("/api/documents", new { title = "New", content = "x" }),
                6 => Kratos.LoginAsync(person.Email, person.Password),
                _ => number < 8 ? OAuth2.RefreshAsync(app, remains.Tokens.Refresh!) : byKey.GetAsync("/api/users?pageSize=1"),
            });
            answers.Enqueue((start, reply));
            if (reply.Status == 201)
            {
                (number % 8 == 2 ? remains.Keys : remains.Documents).Add(reply["id"].GetString()!);
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }
}
