using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace NovaId.Contract.Faults;

/// <summary>People and programs with and without rights, whose every request must come out as it is known to, whatever fails meanwhile.
/// One crowd for each zone, and a new one before the tokens of the last run out.</summary>
public sealed class Crowd
{
    private const int Callers = 50;

    private static readonly ConditionalWeakTable<IZone, Renewed<Crowd>> ByZone = [];

    private readonly Operator _operator;
    private readonly List<CrowdCall> _calls = [];

    private Crowd(IZone zone) => _operator = ZoneTools.For(zone).NewOperator();

    public IReadOnlyList<CrowdCall> Calls => _calls;

    /// <summary>Someone who may read the access log.</summary>
    public Caller General { get; private set; } = null!;

    /// <summary>Someone who may make documents and keys.</summary>
    public Caller Owner { get; private set; } = null!;

    /// <summary>A person whose rank a general changes meanwhile.</summary>
    public string Recruit { get; private set; } = "";

    public static Task<Crowd> ForAsync(IZone zone) => ByZone.GetValue(zone, zone => new(() => GatherAsync(zone))).GetAsync();

    /// <summary>The ranks of the recruit, as Keto has them.</summary>
    public Task<IReadOnlyList<string>> RanksOfRecruitAsync() => _operator.RanksAsync(Recruit);

    /// <summary>Sends one call, and hangs up when the limit is reached.</summary>
    public static async Task<CallResult> SendAsync(CrowdCall call, TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        var start = DateTimeOffset.UtcNow;
        try
        {
            var reply = await call.Caller.SendAsync(call.Method, call.Target, call.Content, patience.Token);
            return new(call, start, DateTimeOffset.UtcNow, reply, null);
        }
        catch (OperationCanceledException)
        {
            return new(call, start, DateTimeOffset.UtcNow, null, null);
        }
        catch (HttpRequestException failure)
        {
            return new(call, start, DateTimeOffset.UtcNow, null, failure);
        }
    }

    /// <summary>Every call once, side by side.</summary>
    public async Task<IReadOnlyList<CallResult>> SendAllAsync(TimeSpan limit, bool allowedOnly = false) =>
        await Task.WhenAll(_calls.Where(call => call.IsAllowed || !allowedOnly).Select(call => SendAsync(call, limit)));

    /// <summary>Fifty callers at work until they are stopped.</summary>
    public async Task<IReadOnlyList<CallResult>> WorkAsync(TimeSpan limit, CancellationToken stopped)
    {
        var results = new ConcurrentQueue<CallResult>();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async worker =>
        {
            for (var turn = worker; !stopped.IsCancellationRequested; turn++)
            {
                results.Enqueue(await SendAsync(_calls[turn % _calls.Count], limit));
                await Task.Delay(Random.Shared.Next(800, 2400), stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }));
        return [.. results];
    }

    private static async Task<Crowd> GatherAsync(IZone zone)
    {
        var crowd = new Crowd(zone);
        await crowd.GatherAsync(ZoneTools.For(zone));
        foreach (var call in crowd._calls)
        {
            // One after the other: the first of its kind takes longest, and what it takes is not what is measured.
            await SendAsync(call, TimeSpan.FromSeconds(30));
        }

        return crowd;
    }

    private async Task GatherAsync(ZoneTools tools)
    {
        var (general, sergeant, @private) = (await EnlistAsync("General"), await EnlistAsync("Sergeant"), await EnlistAsync("Private"));
        var (owner, deserter, recruit) = (await EnlistAsync(null), await EnlistAsync("General"), await EnlistAsync("Private"));
        (General, Owner, Recruit) = (general.Caller, owner.Caller, recruit.Id);
        var document = await _operator.CreateDocumentAsync(owner.Caller);
        var app = await _operator.CreateClientAsync();
        var generalByApp = tools.Anonymous.WithBearer(await GrantAsync(general));
        var readerByApp = tools.Anonymous.WithBearer(await GrantAsync(general, "novaid.read"));
        var privateByApp = tools.Anonymous.WithBearer(await GrantAsync(@private));
        var deserterByApp = tools.Anonymous.WithBearer(await GrantAsync(deserter));
        var revoked = await GrantAsync(general);
        await tools.OAuth2.RevokeAsync(app, revoked);
        await _operator.SetStateAsync(deserter.Id, "inactive");
        var gone = await tools.Kratos.LoginAsync(general);
        (await tools.Kratos.LogoutAsync(gone.Token)).Expect(204);
        var (granted, bare) = (await _operator.CreateClientAsync(), await _operator.CreateClientAsync());
        await _operator.GrantAsync($"client:{granted.Id}", "users.view");
        var grantedClient = tools.Anonymous.WithBearer(await tools.OAuth2.AccessTokenAsync(granted, "novaid.read"));
        var bareClient = tools.Anonymous.WithBearer(await tools.OAuth2.AccessTokenAsync(bare, "novaid.read"));

        const string Users = "/api/users?pageSize=1";
        Session("a general reads the people", general.Caller, "GET", Users, 200);
        Session("a sergeant reads the people", sergeant.Caller, "GET", Users, 200);
        Session("an owner reads their document", owner.Caller, "GET", $"/api/documents/{document}", 200, id: document);
        Session("a private asks who they are", @private.Caller, "GET", "/api/me", 200, id: @private.Id);
        Session("a general asks who they are", general.Caller, "GET", "/api/me", 200, id: general.Id);
        Session("an owner lists their keys", owner.Caller, "GET", "/api/keys", 200);
        Token("a general shows their rank by an app", generalByApp, "GET", "/api/ranks/General/access", 204);
        Token("a general asks by an app who they are", generalByApp, "GET", "/api/me", 200, id: general.Id);
        Token("a private asks by an app who they are", privateByApp, "GET", "/api/me", 200, id: @private.Id);
        Token("a program with a grant reads the people", grantedClient, "GET", Users, 200);
        Session("a private reads the people", @private.Caller, "GET", Users, 403);
        Session("a private shows the rank of a general", @private.Caller, "GET", "/api/ranks/General/access", 403);
        Session("a private makes themselves a general", @private.Caller, "PUT", $"/api/users/{@private.Id}/rank", 403, new { rank = "General" });
        Session("a private makes a recruit a general", @private.Caller, "PUT", $"/api/users/{recruit.Id}/rank", 403, new { rank = "General" });
        Session("a private deactivates a general", @private.Caller, "PATCH", $"/api/users/{general.Id}", 403, new { state = "inactive" });
        Session("a private reads the document of another", @private.Caller, "GET", $"/api/documents/{document}", 403);
        Session("a general reads the document of another", general.Caller, "GET", $"/api/documents/{document}", 403);
        Token("a private reads the people by an app", privateByApp, "GET", Users, 403);
        Token(
            "a private overwrites by an app the document of another", privateByApp, "PUT", $"/api/documents/{document}", 403,
            new { title = "Taken", content = "over" });
        Token("a program without a grant reads the people", bareClient, "GET", Users, 403);
        Token("a reader writes", readerByApp, "POST", "/api/documents", 403, new { title = "Too much", content = "for a reader" });
        Session("a deserter shows their session", deserter.Caller, "GET", "/api/me", 401);
        Token("a deserter shows their token", deserterByApp, "GET", "/api/me", 401);
        Session("someone shows a session that was logged out", tools.Anonymous.WithSessionToken(gone.Token), "GET", "/api/me", 401);
        Token("someone shows a token that was revoked", tools.Anonymous.WithBearer(revoked), "GET", "/api/me", 401);
        Add(Credential.None, "a stranger asks who they are", tools.Anonymous, "GET", "/api/me", 401);

        void Session(string name, Caller caller, string method, string target, int status, object? content = null, string? id = null) =>
            Add(Credential.Session, name, caller, method, target, status, content, id);

        void Token(string name, Caller caller, string method, string target, int status, object? content = null, string? id = null) =>
            Add(Credential.AccessToken, name, caller, method, target, status, content, id);

        void Add(Credential credential, string name, Caller caller, string method, string target, int status, object? content = null, string? id = null) =>
            _calls.Add(new(name, credential, caller, HttpMethod.Parse(method), target, status, content, id));

        async Task<Person> EnlistAsync(string? rank)
        {
            var person = await tools.Kratos.RegisterAsync();
            _operator.Remember(person.Id);
            if (rank is not null)
            {
                await _operator.SetRankAsync(person.Id, rank);
            }

            return person;
        }

        async Task<string> GrantAsync(Person person, params string[] scopes)
        {
            var flow = new AuthorizationFlow(tools.OAuth2, _operator, new(tools.Client), app);
            var page = await flow.LoginAsync(await flow.BeginAsync(), person.Id);
            return (await flow.RedeemAsync(await flow.ConsentAsync(page, scopes))).Access;
        }
    }
}
