using System.Runtime.CompilerServices;

namespace NovaId.Contract.Drivers;

/// <summary>What every case on one zone shares: the connections, the operator's service token, and people whom nobody changes.</summary>
public sealed class ZoneTools
{
    private static readonly ConditionalWeakTable<IZone, ZoneTools> ByZone = [];

    private readonly IZone _zone;
    private readonly Dictionary<string, SharedPerson> _people;
    private readonly Operator _operator;
    private readonly Renewed<string> _userToken;
    private readonly Lock _directLock = new();
    private readonly Renewed<Caller> _service;
    private ZoneClient? _direct;

    private ZoneTools(IZone zone)
    {
        _zone = zone;
        Client = new(zone.Gateway, Pace.Of(zone.Gateway, zone.GatewayCertificate), zone.GatewayCertificate)
        {
            AccessLogDelay = zone.HasApiInstances ? TimeSpan.FromSeconds(1) : TimeSpan.Zero,
        };
        Pages = new(zone.Gateway);
        Anonymous = new(Client, ("Accept", "application/json"));
        Kratos = new(Anonymous);
        OAuth2 = new(Anonymous);
        _operator = NewOperator();
        Mail = new(ServiceCallerAsync);
        _userToken = new(AuthorizeAsync);
        _service = new(async () => Anonymous.WithBearer(await ServiceTokenAsync(Operator.Scopes)));
        _people = Ranks.All.Append("").ToDictionary(rank => rank, rank => new SharedPerson(() => CreateAsync(rank), LoginAsync));
    }

    public ZoneClient Client { get; }

    public ZonePages Pages { get; }

    public Caller Anonymous { get; }

    public KratosFlows Kratos { get; }

    public OAuth2Flows OAuth2 { get; }

    public ZoneMail Mail { get; }

    public static ZoneTools For(IZone zone) => ByZone.GetValue(zone, zone => new(zone));

    /// <summary>The operator, with a memory of its own.</summary>
    public Operator NewOperator() => new(ServiceCallerAsync);

    /// <summary>A person of this rank, or without one, whom all cases share: nobody may change that person or what is theirs.</summary>
    public Task<Person> PersonAsync(string? rank) => _people[rank ?? ""].FindAsync();

    /// <summary>An access token for <c>novaid-api</c> that the shared person without a rank granted to an app.</summary>
    public Task<string> UserTokenAsync() => _userToken.GetAsync();

    /// <summary>A service token with these scopes, for an audience.</summary>
    public Task<string> ServiceTokenAsync(string scopes, string audience = "novaid-gateway") =>
        OAuth2.ServiceTokenAsync(_zone.Operator, _zone.Gateway, scopes, audience);

    /// <summary>Someone who proves nothing, straight at the API.</summary>
    public Caller Direct(Uri api)
    {
        lock (_directLock)
        {
            return new(_direct ??= new(api, certificate: _zone.ApiCertificate), ("Accept", "application/json"));
        }
    }

    /// <summary>Removes the shared people from a zone that lives on.</summary>
    public async Task ClearAsync() => await _operator.ClearAsync();

    private async Task<Person> LoginAsync(Person person)
    {
        var session = await Kratos.LoginAsync(person);
        return person with { Session = session, Caller = Anonymous.WithSessionToken(session.Token) };
    }

    private async Task<Person> CreateAsync(string rank)
    {
        var person = await Kratos.RegisterAsync();
        _operator.Remember(person.Id);
        if (rank.Length > 0)
        {
            await _operator.SetRankAsync(person.Id, rank);
        }

        return person;
    }

    private async Task<string> AuthorizeAsync()
    {
        var flow = new AuthorizationFlow(OAuth2, _operator, new(Client), await _operator.CreateClientAsync());
        return (await flow.RedeemAsync(await flow.GrantAsync((await PersonAsync(null)).Id))).Access;
    }

    private Task<Caller> ServiceCallerAsync() => _service.GetAsync();
}
