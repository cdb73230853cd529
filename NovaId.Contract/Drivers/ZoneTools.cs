using System.Runtime.CompilerServices;

namespace NovaId.Contract.Drivers;

/// <summary>What every case on one zone shares: the connections, the operator's service token, and people whom nobody changes.</summary>
public sealed class ZoneTools
{
    private static readonly ConditionalWeakTable<IZone, ZoneTools> ByZone = [];

    private readonly IZone _zone;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lazy<Task<Person>>> _people;
    private readonly Operator _operator;
    private (Task<Caller> Caller, DateTimeOffset Until)? _service;

    private ZoneTools(IZone zone)
    {
        _zone = zone;
        Client = new(zone.Gateway);
        Anonymous = new(Client);
        Kratos = new(Anonymous);
        OAuth2 = new(Anonymous);
        _operator = NewOperator();
        _people = Ranks.All.Append("").ToDictionary(rank => rank, rank => new Lazy<Task<Person>>(() => CreateAsync(rank)));
    }

    public ZoneClient Client { get; }

    public Caller Anonymous { get; }

    public KratosFlows Kratos { get; }

    public OAuth2Flows OAuth2 { get; }

    public static ZoneTools For(IZone zone) => ByZone.GetValue(zone, zone => new(zone));

    /// <summary>The operator, with a memory of its own.</summary>
    public Operator NewOperator() => new(ServiceCallerAsync);

    /// <summary>A person of this rank, or without one, whom all cases share: nobody may change that person or what is theirs.</summary>
    public Task<Person> PersonAsync(string? rank) => _people[rank ?? ""].Value;

    /// <summary>Removes the shared people from a zone that lives on.</summary>
    public async Task ClearAsync() => await _operator.ClearAsync();

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

    private Task<Caller> ServiceCallerAsync()
    {
        lock (_lock)
        {
            // A service token lives ten minutes; a failed request for one is not kept.
            if (_service is not { } service || service.Until < DateTimeOffset.UtcNow || service.Caller.IsFaulted)
            {
                _service = service = (RequestAsync(), DateTimeOffset.UtcNow.AddMinutes(8));
            }

            return service.Caller;
        }

        async Task<Caller> RequestAsync() =>
            Anonymous.WithBearer(await OAuth2.AccessTokenAsync(new(_zone.Operator.Id, _zone.Operator.Secret), Operator.Scopes, "novaid-gateway"));
    }
}
