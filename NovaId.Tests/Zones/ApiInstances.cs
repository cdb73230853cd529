using NovaId.Contract;
using NovaId.Tests.Storage;

namespace NovaId.Tests.Zones;

/// <summary>Several instances of the API on one PostgreSQL database, each in a process of its own.</summary>
internal sealed class ApiInstances : IAsyncDisposable
{
    /// <summary>The environment variable that says how many there are; one, on SQLite, where it says nothing.</summary>
    public const string Variable = "NOVAID_API_INSTANCES";

    /// <summary>How many requests a zone has answered when an instance is killed: the contract makes many more.</summary>
    private const int RequestsBeforeTheKill = 2000;

    private readonly Lock _lock = new();
    private readonly PostgresServer _server;
    private readonly PostgresTestDatabase _database;
    private readonly List<Instance> _instances;
    private readonly bool _killsOne;
    private int _next;
    private long _taken;
    private Task _killing = Task.CompletedTask;

    private ApiInstances(PostgresServer server, PostgresTestDatabase database, IEnumerable<ApiProgram> programs, bool killsOne)
    {
        _server = server;
        _database = database;
        _instances = [.. programs.Select(program => new Instance(program))];
        _killsOne = killsOne;
    }

    /// <summary>How many the tests are to run on.</summary>
    public static int Wanted => int.TryParse(Environment.GetEnvironmentVariable(Variable), out var count) && count > 1 ? count : 1;

    /// <summary>The address of one that is never killed.</summary>
    public Uri Address => _instances[0].Program.Address;

    /// <summary>How many are at work.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _instances.Count(instance => instance.IsAtWork);
            }
        }
    }

    /// <summary>Starts them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="http">Asks whether they are there.</param>
    /// <param name="gateway">Where they find the gateway.</param>
    /// <param name="issuer">The gateway's own address, which is in the id_tokens.</param>
    /// <param name="client">Their client.</param>
    /// <param name="killsOne">Whether one is killed after some thousand requests, when it answers nobody.</param>
    public static async Task<ApiInstances> StartAsync(int count, HttpClient http, Uri gateway, Uri issuer, ServiceClient client, bool killsOne)
    {
        var server = new PostgresServer();
        var programs = new List<ApiProgram>();
        try
        {
            var database = await server.CreateDatabaseAsync();
            (string, string)[] settings = [.. database.Environment, ("Limits__Instances", $"{count}")];
            for (var number = 0; number < count; number++)
            {
                programs.Add(await ApiProgram.StartAsync(http, gateway, issuer, client, settings));
            }

            return new(server, database, programs, killsOne);
        }
        catch
        {
            foreach (var program in programs)
            {
                await program.DisposeAsync();
            }

            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The instance that gets the next request.</summary>
    public Turn Take()
    {
        lock (_lock)
        {
            if (_killsOne && ++_taken == RequestsBeforeTheKill)
            {
                var last = _instances[^1];
                last.IsAtWork = false;
                _killing = KillWhenIdleAsync(last);
            }

            Instance[] atWork = [.. _instances.Where(instance => instance.IsAtWork)];
            var instance = atWork[_next++ % atWork.Length];
            instance.UnderWay++;
            return new Turn(this, instance);
        }
    }

    /// <summary>Kills one with whatever it is answering. It gets requests until the first that does not reach it.</summary>
    public Task KillAsync()
    {
        Instance last;
        lock (_lock)
        {
            last = _instances.Last(instance => instance.IsAtWork);
        }

        return last.Program.KillAsync();
    }

    /// <summary>What they hold in memory together; null where the system does not tell.</summary>
    public long? MeasureMemory() => _instances.Where(instance => instance.IsAtWork).Sum(instance => instance.Program.MeasureMemory());

    /// <summary>Ends them, and fails unless the access log that they have written together is whole.</summary>
    public async ValueTask DisposeAsync()
    {
        await _killing;
        foreach (var instance in _instances)
        {
            await instance.Program.DisposeAsync();
        }

        try
        {
            await _database.ExpectWholeAsync();
        }
        finally
        {
            await _server.DisposeAsync();
        }
    }

    private async Task KillWhenIdleAsync(Instance instance)
    {
        while (IsAnswering())
        {
            await Task.Delay(10);
        }

        await instance.Program.KillAsync();

        bool IsAnswering()
        {
            lock (_lock)
            {
                return instance.UnderWay > 0;
            }
        }
    }

    internal sealed class Instance(ApiProgram program)
    {
        public ApiProgram Program => program;

        public bool IsAtWork { get; set; } = true;

        public int UnderWay { get; set; }
    }

    /// <summary>A request's place at an instance, until it is answered.</summary>
    public readonly struct Turn : IDisposable
    {
        private readonly ApiInstances _instances;
        private readonly Instance _instance;

        internal Turn(ApiInstances instances, Instance instance) => (_instances, _instance) = (instances, instance);

        public Uri Address => _instance.Program.Address;

        /// <summary>The request did not reach it, so it gets no more.</summary>
        public void Unreached()
        {
            lock (_instances._lock)
            {
                _instance.IsAtWork = false;
            }
        }

        public void Dispose()
        {
            lock (_instances._lock)
            {
                _instance.UnderWay--;
            }
        }
    }
}
