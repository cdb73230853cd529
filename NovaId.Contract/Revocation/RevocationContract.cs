using System.Collections.Concurrent;

namespace NovaId.Contract.Revocation;

/// <summary>What was taken away is gone with the next request: through the gateway, and straight at the API for whoever captured the
/// id_token before.</summary>
public abstract class RevocationContract(IZone zone) : ZoneContract(zone)
{
    private const int Workers = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const string Users = "/api/users?pageSize=1";

    /// <summary>Everything that can be taken away, and what the next request is answered with.</summary>
    public static TheoryData<string, int> Kinds { get; } = new()
    {
        { "a session that its owner logs out", 401 },
        { "a session that an officer ends", 401 },
        { "an access token that its app revokes", 401 },
        { "the session of a person who is deactivated", 401 },
        { "the access token of a person who is deactivated", 401 },
        { "the session of a person who is deleted", 401 },
        { "the rank of a person with a session", 403 },
        { "the rank of a person with an app", 403 },
        { "a capability of a person", 403 },
        { "a capability of a program", 403 },
        { "the capability of an API key", 403 },
        { "the rank of an API key's owner", 403 },
        { "an API key that is deleted", 401 },
        { "the client of a program", 401 },
        { "the client of an app that acts for a person", 401 },
        { "a document that is shared no longer", 403 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Of_many_requests_under_way_none_that_begins_afterwards_is_allowed(string what, int status)
    {
        var (caller, target, revokeAsync) = await ArrangeAsync(what);
        (await caller.GetAsync(target)).Expect(200);
        using var stopped = new CancellationTokenSource();
        var answers = new ConcurrentQueue<(DateTimeOffset Start, Reply Reply)>();
        var work = Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
        {
            while (!stopped.IsCancellationRequested)
            {
                var start = DateTimeOffset.UtcNow;
                answers.Enqueue((start, await caller.GetAsync(target)));
                await Task.Delay(20, CancellationToken.None);
            }
        }));
        await Waiting.UntilAsync(() => work.IsCompleted || answers.Any(answer => answer.Reply.Status == 200), Patience);

        await revokeAsync();
        var revoked = DateTimeOffset.UtcNow;
        var next = await caller.GetAsync(target);
        await Waiting.UntilAsync(() => work.IsCompleted || answers.Count(answer => answer.Start > revoked) >= Workers, Patience);
        await stopped.CancelAsync();
        await work;

        next.Expect(status);
        answers.Where(answer => answer.Start > revoked).Select(answer => answer.Reply).Expect(status);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_captured_id_token_is_worth_no_more_than_what_it_was_made_from(string what, int status)
    {
        Assert.SkipWhen(Zone.Api is null, $"The API is out of reach past the gateway on this zone ({Zone.Kind}).");
        Assert.SkipWhen(Zone.Upstream is null, $"Nothing stands between the gateway and the API on this zone ({Zone.Kind}).");
        var (caller, target, revokeAsync) = await ArrangeAsync(what);
        var marker = Guid.NewGuid().ToString();
        (await caller.With(IUpstreamRecorder.MarkerHeader, marker).GetAsync(target)).Expect(200);
        var captured = Assert.Single(Zone.Upstream.Find(marker)).Headers;
        var replayed = Tools.Direct(Zone.Api).With("Authorization", captured["Authorization"]).With("X-Orig-Authorization", captured["X-Orig-Authorization"]);
        (await replayed.GetAsync(target)).Expect(200);

        await revokeAsync();

        (await replayed.GetAsync(target)).ExpectProblem(status);
    }

    /// <summary>Someone with a right, what they may read by it, and how the right is taken away.</summary>
    private async Task<(Caller Caller, string Target, Func<Task> RevokeAsync)> ArrangeAsync(string what)
    {
        switch (what)
        {
            case "a session that its owner logs out":
                {
                    var person = await NewPersonAsync();
                    return (person.Caller, "/api/me", async () => (await Kratos.LogoutAsync(person.Session.Token)).Expect(204));
                }

            case "a session that an officer ends":
                {
                    var (person, major) = (await NewPersonAsync("Captain"), await SharedPersonAsync("Major"));
                    return (person.Caller, "/api/me", async () => (await major.Caller.DeleteAsync($"/api/users/{person.Id}/sessions")).Expect(204));
                }

            case "an access token that its app revokes":
                {
                    var app = await Operator.CreateClientAsync();
                    var token = (await AuthorizeAsync(app, await SharedPersonAsync())).Access;
                    return (Anonymous.WithBearer(token), "/api/me", async () => (await OAuth2.RevokeAsync(app, token)).Expect(200));
                }

            case "the session of a person who is deactivated":
                {
                    var (person, colonel) = (await NewPersonAsync("Captain"), await SharedPersonAsync("Colonel"));
                    return (person.Caller, "/api/me", () => DeactivateAsync(colonel, person));
                }

            case "the access token of a person who is deactivated":
                {
                    var (person, colonel) = (await NewPersonAsync("Captain"), await SharedPersonAsync("Colonel"));
                    return (await ByAppAsync(person), "/api/me", () => DeactivateAsync(colonel, person));
                }

            case "the session of a person who is deleted":
                {
                    var person = await NewPersonAsync();
                    return (person.Caller, "/api/me", async () =>
                        (await (await Operator.CallerAsync()).DeleteAsync($"/svc/kratos/admin/identities/{person.Id}")).Expect(204));
                }

            case "the rank of a person with a session":
                {
                    var (person, general) = (await NewPersonAsync("Sergeant"), await SharedPersonAsync("General"));
                    return (person.Caller, Users, () => DemoteAsync(general, person));
                }

            case "the rank of a person with an app":
                {
                    var (person, general) = (await NewPersonAsync("Sergeant"), await SharedPersonAsync("General"));
                    return (await ByAppAsync(person), Users, () => DemoteAsync(general, person));
                }

            case "a capability of a person":
                {
                    var person = await NewPersonAsync();
                    await Operator.GrantAsync(person.Id, "users.view");
                    return (person.Caller, Users, () => Operator.TakeCapabilityAsync(person.Id, "users.view"));
                }

            case "a capability of a program":
                {
                    var client = await Operator.CreateClientAsync();
                    await Operator.GrantAsync($"client:{client.Id}", "users.view");
                    var caller = Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.read"));
                    return (caller, Users, () => Operator.TakeCapabilityAsync($"client:{client.Id}", "users.view"));
                }

            case "the capability of an API key":
                {
                    var (caller, key, _) = await KeyAsync(await NewPersonAsync("Sergeant"));
                    return (caller, Users, () => Operator.TakeCapabilityAsync($"client:{key}", "users.view"));
                }

            case "the rank of an API key's owner":
                {
                    var (owner, general) = (await NewPersonAsync("Sergeant"), await SharedPersonAsync("General"));
                    var (caller, _, _) = await KeyAsync(owner);
                    return (caller, Users, () => DemoteAsync(general, owner));
                }

            case "an API key that is deleted":
                {
                    var (caller, _, deleteAsync) = await KeyAsync(await NewPersonAsync("Sergeant"));
                    return (caller, Users, deleteAsync);
                }

            case "the client of a program":
                {
                    var client = await Operator.CreateClientAsync();
                    var caller = Anonymous.WithBearer(await OAuth2.AccessTokenAsync(client, "novaid.read"));
                    return (caller, "/api/me", () => Operator.DeleteClientAsync(client.Id));
                }

            case "the client of an app that acts for a person":
                {
                    var app = await Operator.CreateClientAsync();
                    var caller = Anonymous.WithBearer((await AuthorizeAsync(app, await SharedPersonAsync())).Access);
                    return (caller, "/api/me", () => Operator.DeleteClientAsync(app.Id));
                }

            case "a document that is shared no longer":
                {
                    var (owner, reader) = (await NewPersonAsync(), await NewPersonAsync());
                    var document = await Operator.CreateDocumentAsync(owner.Caller);
                    await ShareAsync(owner, document, new { user = reader.Id });
                    return (reader.Caller, $"/api/documents/{document}", () => ShareAsync(owner, document));
                }

            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, "This is not arranged.");
        }
    }

    private async Task<Caller> ByAppAsync(Person person) =>
        Anonymous.WithBearer((await AuthorizeAsync(await Operator.CreateClientAsync(), person)).Access);

    private static async Task DeactivateAsync(Person officer, Person person) =>
        (await officer.Caller.PatchAsync($"/api/users/{person.Id}", new { state = "inactive" })).Expect(200);

    private static async Task DemoteAsync(Person officer, Person person) =>
        (await officer.Caller.PutAsync($"/api/users/{person.Id}/rank", new Dictionary<string, string?> { ["rank"] = null })).Expect(200);

    private static async Task ShareAsync(Person owner, string document, params object[] viewers)
    {
        var sharing = new { editors = Array.Empty<object>(), viewers, minimumRank = (string?)null };
        (await owner.Caller.PutAsync($"/api/documents/{document}/sharing", sharing)).Expect(200);
    }

    /// <summary>An API key that reads the people.</summary>
    private async Task<(Caller Caller, string Id, Func<Task> DeleteAsync)> KeyAsync(Person owner)
    {
        var made = (await owner.Caller.PostAsync("/api/keys", new { name = "Report", scopes = new[] { "novaid.read" }, capabilities = new[] { "users.view" } }))
            .Expect(201);
        var id = made["id"].GetString()!;
        var token = await OAuth2.AccessTokenAsync(new(id, made["clientSecret"].GetString()!), "novaid.read");
        return (Anonymous.WithBearer(token), id, async () => (await owner.Caller.DeleteAsync($"/api/keys/{id}")).Expect(204));
    }
}
