using System.Security.Cryptography;
using System.Text.Json;

namespace NovaId.Contract.Drivers;

/// <summary>What a person does at Kratos: with an app (API flows, session token) or a browser (browser flows, cookies).</summary>
public sealed class KratosFlows(Caller anonymous)
{
    /// <summary>Where the gateway serves Kratos.</summary>
    public const string Root = "/.ory/kratos/public";

    public const string WhoAmI = $"{Root}/sessions/whoami";

    public static string NewEmail() => $"{RandomNumberGenerator.GetHexString(16, lowercase: true)}@contract.test";

    public static string NewPassword() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 24);

    /// <summary>Starts a flow of an app.</summary>
    /// <returns>Where to submit it: path and query, since a gateway on a port of its own is known by no configuration.</returns>
    public async Task<string> BeginAsync(string flow, Caller? caller = null) =>
        Action(await (caller ?? anonymous).GetAsync($"{Root}/self-service/{flow}/api"));

    /// <summary>Starts a flow of an app and shows it.</summary>
    public async Task<KratosForm> ShowAsync(string flow, Caller? caller = null, string query = "") =>
        new((await (caller ?? anonymous).GetAsync($"{Root}/self-service/{flow}/api{query}")).Expect(200).Json);

    /// <summary>Starts a flow in a browser, as far as the frontend's page, and fetches it as that page does.</summary>
    public static async Task<BrowserFlow> BeginAsync(string flow, Browser browser, string query = "")
    {
        var page = await browser.FollowAsync($"{Root}/self-service/{flow}/browser{query}");
        Assert.Equal(browser.Pages.Of(flow), page.GetLeftPart(UriPartial.Path));
        return await FetchAsync(flow, browser, Browser.Query(page, "flow"));
    }

    /// <summary>Fetches a flow as the frontend's page does.</summary>
    public static async Task<BrowserFlow> FetchAsync(string flow, Browser browser, string id)
    {
        var reply = await browser.GetAsync($"{Root}/self-service/{flow}/flows?id={id}");
        var csrf = reply.Expect(200)["ui.nodes"].EnumerateArray()
            .Select(node => node.GetProperty("attributes"))
            .Single(attributes => attributes.TryGetProperty("name", out var name) && name.GetString() == "csrf_token")
            .GetProperty("value").GetString()!;
        return new(id, Action(reply), csrf, reply.Json);
    }

    /// <summary>Registers a new person with an app, which is given a session at once.</summary>
    public async Task<Person> RegisterAsync()
    {
        var (email, password) = (NewEmail(), NewPassword());
        var reply = (await RegisterAsync(password, new { email })).Expect(200);
        var session = new Session(reply["session.id"].GetString()!, reply["session_token"].GetString()!);
        return new(reply["identity.id"].GetString()!, email, password, session, anonymous.WithSessionToken(session.Token));
    }

    /// <summary>Submits a registration.</summary>
    public async Task<Reply> RegisterAsync(string password, object traits) =>
        await anonymous.PostAsync(await BeginAsync("registration"), new { method = "password", password, traits });

    /// <summary>Logs a person in with an app.</summary>
    public async Task<Session> LoginAsync(Person person)
    {
        var reply = (await LoginAsync(person.Email, person.Password)).Expect(200);
        return new(reply["session.id"].GetString()!, reply["session_token"].GetString()!);
    }

    /// <summary>Has a person show their password again in the session that they have.</summary>
    public static async Task RefreshAsync(Person person, Caller session)
    {
        var action = Action(await session.GetAsync($"{Root}/self-service/login/api?refresh=true"));
        (await session.PostAsync(action, new { method = "password", identifier = person.Email, password = person.Password })).Expect(200);
    }

    /// <summary>Submits a login.</summary>
    public async Task<Reply> LoginAsync(string identifier, string password) =>
        await anonymous.PostAsync(await BeginAsync("login"), new { method = "password", identifier, password });

    /// <summary>Submits the login page's form.</summary>
    public static Task<Reply> SubmitLoginAsync(Browser browser, BrowserFlow flow, string identifier, string password) =>
        browser.SendAsync(HttpMethod.Post, flow.Action, LoginForm(flow, identifier, password));

    /// <summary>The login page's form.</summary>
    public static FormUrlEncodedContent LoginForm(BrowserFlow flow, string identifier, string password) =>
        OAuth2Flows.Form(("method", "password"), ("csrf_token", flow.CsrfToken), ("identifier", identifier), ("password", password));

    /// <summary>Logs a person in with a browser, from the first page to the last redirect.</summary>
    public static async Task LoginAsync(Browser browser, Person person)
    {
        var flow = await BeginAsync("login", browser);
        var done = await SubmitLoginAsync(browser, flow, person.Email, person.Password);
        Assert.Equal(browser.Pages.Home, (await browser.FollowAsync(done)).AbsoluteUri);
    }

    /// <summary>Logs a session of an app out.</summary>
    public Task<Reply> LogoutAsync(string token) =>
        anonymous.DeleteAsync($"{Root}/self-service/logout/api", new { session_token = token });

    /// <summary>Asks Kratos whose session it is.</summary>
    public Task<Reply> WhoAmIAsync(string token) => anonymous.WithSessionToken(token).GetAsync(WhoAmI);

    /// <summary>The ids of the messages that a flow shows, its own and those of its fields.</summary>
    public static IEnumerable<int> Messages(JsonElement flow)
    {
        var ui = flow.GetProperty("ui");
        var own = ui.TryGetProperty("messages", out var messages) ? messages.EnumerateArray() : default(IEnumerable<JsonElement>) ?? [];
        return own.Concat(Nodes(flow).SelectMany(node => node.GetProperty("messages").EnumerateArray()))
            .Select(message => message.GetProperty("id").GetInt32());
    }

    /// <summary>The parts of a flow's form; Kratos writes none at all as null.</summary>
    public static IEnumerable<JsonElement> Nodes(JsonElement flow)
    {
        var nodes = flow.GetProperty("ui").GetProperty("nodes");
        return nodes.ValueKind == JsonValueKind.Null ? [] : nodes.EnumerateArray();
    }

    private static string Action(Reply flow) => new Uri(flow.Expect(200)["ui.action"].GetString()!).PathAndQuery;
}
