using System.Text;
using System.Text.Json.Nodes;
using NovaId.Contract;
using NovaId.Contract.Drivers;

namespace NovaId.Tests.Audit;

/// <summary>Everything that the zone issues is looked for in everything that it writes down.</summary>
[Collection(nameof(SecretSearchTests))]
public sealed class SecretSearchTests(WatchedZone zone) : ZoneContract(zone), IClassFixture<WatchedZone>
{
    /// <summary>It listens to every span of the process, so it runs alone.</summary>
    [CollectionDefinition(nameof(SecretSearchTests), DisableParallelization = true)]
    public sealed class Alone;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_that_the_zone_ever_issued_is_written_anywhere()
    {
        var watch = zone.Watch;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => WorkAsync()));

        // The log is read too, as whoever may see it sees it.
        var general = await NewPersonAsync("General");
        foreach (var target in (string[])["/api/logs?pageSize=100", "/api/logs/stats", "/api/logs/verify"])
        {
            var reply = (await general.Caller.GetAsync(target)).Expect(200);
            watch.Write($"answer {target}", reply.Body);
        }

        Assert.True((await general.Caller.GetAsync("/api/logs/verify"))["valid"].GetBoolean());
        foreach (var file in zone.Storage.Files())
        {
            await using var stream = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            watch.Write($"file {file.Name}", await reader.ReadToEndAsync(Cancelled));
        }

        var kinds = watch.Kinds;
        foreach (var kind in (string[])
            [
                "access_token", "refresh_token", "id_token", "session_token", "clientSecret", "client_secret", "code", "code_verifier",
                "token", "login_verifier", "consent_verifier", "login_challenge", "consent_challenge", "csrf_token", "cookie", "password",
                "credential", "configured",
            ])
        {
            Assert.True(kinds.ContainsKey(kind), $"No secret of the kind {kind} was seen.");
        }

        Assert.Equal(["answer", "error", "file", "log", "metric", "span"], watch.Places.Order());
        Assert.True(watch.Lines > 1000, $"Only {watch.Lines} lines were written.");
        var found = watch.Find(Expected);
        Assert.True(found.Count == 0, string.Join("\n", found));
    }

    [Fact]
    public void The_search_finds_what_is_there()
    {
        using var watch = new SecretWatch();
        watch.Remember("password", "s3cret+/with=signs");
        foreach (var text in (string[])
            [
                "a s3cret+/with=signs here", "x=s3cret%2B%2Fwith%3Dsigns", "x=s3cret%2b%2fwith%3dsigns",
                Convert.ToBase64String(Encoding.UTF8.GetBytes("s3cret+/with=signs")),
            ])
        {
            watch.Write($"log {text.Length}", text);
            Assert.Contains($"log {text.Length}: password", watch.Find([]));
        }

        watch.Write("log other", "a secret with signs");
        Assert.DoesNotContain("log other: password", watch.Find([]));
    }

    /// <summary>What an answer holds because it is for the one who gets it.</summary>
    private static string[] Expected =>
    [
        // A form that is shown again carries the token that it is sent back with.
        $"error POST {KratosFlows.Root}/self-service/login 400: csrf_token",
        $"error POST {KratosFlows.Root}/self-service/registration 400: csrf_token",

        // The address that a client calls is in the client's own span, and these clients are the test and the gateway.
        "span System.Net.Http System.Net.Http.HttpRequestOut: misplaced",
    ];

    private async Task WorkAsync()
    {
        var person = await NewPersonAsync("Major");
        Remember(person.Password);
        await Kratos.LoginAsync(person);
        (await Kratos.LoginAsync(person.Email, Remember("not " + person.Password))).Expect(400);
        (await person.Caller.GetAsync("/api/me")).Expect(200);
        (await person.Caller.GetAsync("/api/keys?owner=" + Guid.NewGuid())).ExpectProblem(403);

        await BrowseAsync(person);
        await AuthorizeAsync(person);
        await UseKeyAsync(person);
        await MisplaceAsync(person);
        await ChangePasswordAsync(person);
        await Kratos.LogoutAsync(person.Session.Token);
        (await person.Caller.GetAsync("/api/me")).Expect(401);
    }

    private async Task BrowseAsync(Person person)
    {
        var browser = NewBrowser();
        var flow = await KratosFlows.BeginAsync("login", browser);
        (await KratosFlows.SubmitLoginAsync(browser, flow, person.Email, Remember("wrong " + person.Password))).Expect(303);
        await KratosFlows.LoginAsync(browser, person);
        (await browser.GetAsync("/api/me")).Expect(200);
        (await browser.GetAsync("/api/documents/" + Guid.NewGuid())).ExpectProblem(403);
        var begun = (await browser.SendAsync(HttpMethod.Get, $"{KratosFlows.Root}/self-service/logout/browser", null, ("Accept", "application/json"))).Expect(200);
        (await browser.GetAsync(new Uri(begun["logout_url"].GetString()!).PathAndQuery)).Expect(303);
        (await browser.GetAsync("/api/me")).Expect(401);
    }

    private async Task AuthorizeAsync(Person person)
    {
        var client = await Operator.CreateClientAsync();
        zone.Watch.Remember("client_secret", client.Secret);
        var flow = NewFlow(client);
        zone.Watch.Remember("code_verifier", flow.Verifier);
        var callback = await flow.GrantAsync(person.Id);
        zone.Watch.Remember("code", flow.Code(callback));
        (await flow.ExchangeAsync(flow.Code(callback), OAuth2Flows.NewVerifier())).Expect(400);
        flow = NewFlow(client);
        zone.Watch.Remember("code_verifier", flow.Verifier);
        callback = await flow.GrantAsync(person.Id);
        var tokens = await flow.RedeemAsync(callback);
        (await Anonymous.WithBearer(tokens.Access).GetAsync("/api/me")).Expect(200);
        (await Anonymous.WithBearer(tokens.Access).GetAsync("/userinfo")).Expect(200);
        (await Anonymous.WithBearer(tokens.Refresh!).GetAsync("/api/me")).Expect(403);
        var refreshed = OAuth2Flows.Tokens(await OAuth2.RefreshAsync(client, tokens.Refresh!));
        (await OAuth2.RefreshAsync(client, "ory_rt_" + OAuth2Flows.NewVerifier())).Expect(400);
        (await Anonymous.WithBearer(refreshed.Access).GetAsync("/api/users")).Expect(200);
        await OAuth2.RevokeAsync(client, refreshed.Refresh!);
        (await Anonymous.WithBearer(refreshed.Access).GetAsync("/api/me")).Expect(401);
        (await flow.ExchangeAsync(flow.Code(callback))).Expect(400);
        var own = await OAuth2.AccessTokenAsync(client, "novaid.read");
        (await Anonymous.WithBearer(own).PostAsync("/api/documents", new { title = "t", content = "c" })).ExpectProblem(403);
        (await OAuth2.ClientCredentialsAsync(client with { Secret = Remember("wrong-" + client.Secret) }, "novaid.read")).Expect(401);
    }

    private async Task UseKeyAsync(Person person)
    {
        var made = (await person.Caller.PostAsync("/api/keys", new { name = "a key", scopes = new[] { "novaid.read" }, capabilities = new[] { "users.view" } })).Expect(201);
        var key = new OAuth2Client(made["id"].GetString()!, made["clientSecret"].GetString());
        var token = await OAuth2.AccessTokenAsync(key, "novaid.read");
        (await Anonymous.WithBearer(token).GetAsync("/api/users")).Expect(200);
        (await person.Caller.DeleteAsync($"/api/keys/{key.Id}")).Expect(204);
        (await Anonymous.WithBearer(token).GetAsync("/api/users")).Expect(401);
    }

    /// <summary>Secrets where they do not belong: people paste them anywhere.</summary>
    private async Task MisplaceAsync(Person person)
    {
        var token = (await Kratos.LoginAsync(person)).Token;
        zone.Watch.Misplace(token);
        (await person.Caller.GetAsync($"/api/me?session_token={token}&access_token={token}")).Expect(200);
        (await person.Caller.GetAsync($"/api/documents/{token}")).ExpectProblem(400);
        (await person.Caller.GetAsync($"/api/ranks/{token}/access")).ExpectProblem(404);
        (await person.Caller.GetAsync($"/api/logs/users/{token}")).ExpectProblem(400);
        (await person.Caller.GetAsync($"/api/users?pageToken={token}")).ExpectProblem(400);
        (await person.Caller.PostAsync("/api/checks", new { password = person.Password })).ExpectProblem(400);
        (await Tools.Direct(Zone.Api!).GetAsync($"/api/documents/{token}")).ExpectProblem(401);
        (await Tools.Direct(Zone.Api!).WithBearer(token).GetAsync("/api/me")).ExpectProblem(401);
    }

    private async Task ChangePasswordAsync(Person person)
    {
        var password = Remember(KratosFlows.NewPassword());
        var action = await Kratos.BeginAsync("settings", person.Caller);
        (await person.Caller.PostAsync(action, new JsonObject { ["method"] = "password", ["password"] = password })).Expect(200);
        (await Kratos.LoginAsync(person.Email, password)).Expect(200);
    }

    private string Remember(string password)
    {
        zone.Watch.Remember("password", password);
        return password;
    }
}
