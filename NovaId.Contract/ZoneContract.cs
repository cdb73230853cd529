namespace NovaId.Contract;

/// <summary>The base of every part of the contract: what a zone must do, whatever kind it is. A case makes the people, clients and
/// documents it needs, so that cases run in any order and side by side on one zone.</summary>
public abstract class ZoneContract(IZone zone) : IAsyncLifetime
{
    private Operator? _operator;

    protected IZone Zone { get; } = zone;

    /// <summary>Someone who proves nothing.</summary>
    protected Caller Anonymous => Tools.Anonymous;

    protected KratosFlows Kratos => Tools.Kratos;

    protected OAuth2Flows OAuth2 => Tools.OAuth2;

    protected ZonePages Pages => Tools.Pages;

    /// <summary>The mails that the zone has sent.</summary>
    protected ZoneMail Mail => Tools.Mail;

    protected Operator Operator => _operator ??= Tools.NewOperator();

    protected ZoneTools Tools => ZoneTools.For(Zone);

    public async ValueTask InitializeAsync() => await Zone.EnsureReadyAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_operator is not null && !Zone.EndsWithTheTests)
        {
            await _operator.ClearAsync();
        }
    }

    protected Browser NewBrowser() => new(Tools.Client);

    /// <summary>A person of the case's own, of this rank or without one.</summary>
    protected async Task<Person> NewPersonAsync(string? rank = null)
    {
        var person = await Kratos.RegisterAsync();
        Operator.Remember(person.Id);
        if (rank is not null)
        {
            await Operator.SetRankAsync(person.Id, rank);
        }

        return person;
    }

    /// <summary>A person of this rank, or without one, whom all cases share and none may change.</summary>
    protected Task<Person> SharedPersonAsync(string? rank = null) => Tools.PersonAsync(rank);

    /// <summary>An authorization code flow in a new browser.</summary>
    protected AuthorizationFlow NewFlow(OAuth2Client client, Browser? browser = null) =>
        new(OAuth2, Operator, browser ?? NewBrowser(), client);

    /// <summary>Takes a person through an authorization code flow.</summary>
    protected async Task<Tokens> AuthorizeAsync(OAuth2Client client, Person person, params string[] scopes)
    {
        var flow = NewFlow(client);
        await flow.RecordAsync(person.Caller);
        var consentPage = await flow.LoginAsync(await flow.BeginAsync(), person.Id);
        return await flow.RedeemAsync(await flow.ConsentAsync(consentPage, scopes));
    }

    /// <summary>The claims with which the gateway would speak of a general, for whoever forges its id_token.</summary>
    protected async Task<Dictionary<string, object>> GeneralClaimsAsync()
    {
        var general = await SharedPersonAsync("General");
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return new()
        {
            ["iss"] = Zone.Gateway.GetLeftPart(UriPartial.Authority),
            ["aud"] = new[] { "novaid-api" },
            ["sub"] = general.Id,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 120,
            ["jti"] = Guid.NewGuid().ToString(),
            ["auth_method"] = "session",
            ["sid"] = general.Session.Id,
            ["acr"] = "aal1",
        };
    }
}
