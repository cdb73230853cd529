using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NovaId.Bench.Zones;

namespace NovaId.Bench.Population;

/// <summary>
/// Those who call, and what they have: people of the highest rank with a session, an OAuth2 token and an API key each, and fifty documents
/// of the first of them.
/// </summary>
internal sealed class ZonePopulation : IAsyncDisposable
{
    public const int Documents = 50;

    private const int MaximumTuplesAtOnce = 500;
    private const string KratosRoot = "/.ory/kratos/public";

    // Access tokens and the service token are good for ten minutes (hydra.yml, clients.json).
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(4);

    private readonly IBenchZone _zone;
    private readonly ZoneClient _client;
    private readonly List<Person> _people = [];
    private readonly List<string> _documents = [];
    private (string Id, string Secret) _app;
    private long _renewedAt;

    private ZonePopulation(IBenchZone zone)
    {
        _zone = zone;
        _client = new ZoneClient(zone.Gateway);
        Operator = new ZoneOperator(_client, zone.Gateway, zone.Operator);
    }

    public ZoneOperator Operator { get; }

    public ZoneClient Client => _client;

    public IReadOnlyList<Person> People => _people;

    public IReadOnlyList<string> DocumentIds => _documents;

    public static async Task<ZonePopulation> CreateAsync(IBenchZone zone, int people, CancellationToken cancellationToken)
    {
        var population = new ZonePopulation(zone);
        try
        {
            await population.FillAsync(people, cancellationToken);
            return population;
        }
        catch
        {
            await population.DisposeAsync();
            throw;
        }
    }

    /// <summary>Renews what would run out during what comes next.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (_renewedAt != 0 && TimeProvider.System.GetElapsedTime(_renewedAt) < TokenLife)
        {
            return;
        }

        _renewedAt = TimeProvider.System.GetTimestamp();
        await Operator.RenewAsync(cancellationToken);
        foreach (var person in _people)
        {
            await RenewAsync(person, cancellationToken);
        }
    }

    /// <summary>Makes identities that nobody logs in to, until there are so many.</summary>
    public Task AddIdentitiesAsync(int total, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, Math.Max(0, total - _people.Count)),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (_, token) => await Operator.CreateIdentityAsync(NewEmail(), password: null, token));

    /// <summary>Inserts relation tuples of people and documents that nobody asks for, spread over every rank.</summary>
    public async Task AddTuplesAsync(int count, CancellationToken cancellationToken)
    {
        var tuples = Enumerable.Range(0, count).Select(number => number % 2 == 0
            ? ZoneOperator.Membership(Ranks.All[number / 2 % Ranks.All.Count], Guid.NewGuid().ToString())
            : ZoneOperator.Tuple("Document", Guid.NewGuid().ToString(), "owners", Guid.NewGuid().ToString()));
        foreach (var chunk in tuples.Chunk(MaximumTuplesAtOnce))
        {
            await Operator.PatchAsync("insert", chunk, cancellationToken);
        }
    }

    public async Task<Person> CreatePersonAsync(string rank, CancellationToken cancellationToken)
    {
        var (email, password) = (NewEmail(), RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 24));
        var person = new Person { Id = await Operator.CreateIdentityAsync(email, password, cancellationToken), Email = email, Password = password };
        await Operator.PatchAsync("insert", [ZoneOperator.Membership(rank, person.Id)], cancellationToken);
        return person;
    }

    /// <summary>Logs a person in with an app.</summary>
    public async Task LoginAsync(Person person, CancellationToken cancellationToken)
    {
        var flow = await _client.SendAsync(HttpMethod.Get, $"{KratosRoot}/self-service/login/api", 200, cancellationToken: cancellationToken);
        var login = new JsonObject { ["method"] = "password", ["identifier"] = person.Email, ["password"] = person.Password };
        var reply = await _client.SendAsync(
            HttpMethod.Post,
            new Uri(flow["ui", "action"]).PathAndQuery,
            200,
            login,
            cancellationToken: cancellationToken);
        (person.SessionId, person.SessionToken) = (reply["session", "id"], reply["session_token"]);
    }

    public Task LogoutAsync(Person person, CancellationToken cancellationToken) =>
        _client.SendAsync(
            HttpMethod.Delete,
            $"{KratosRoot}/self-service/logout/api",
            204,
            new JsonObject { ["session_token"] = person.SessionToken },
            cancellationToken: cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_zone.IsOurs && _people.Count > 0)
            {
                await RemoveAsync();
            }
        }
        finally
        {
            _client.Dispose();
        }
    }

    private static string NewEmail() => $"{RandomNumberGenerator.GetHexString(16, lowercase: true)}@bench.test";

    private async Task FillAsync(int people, CancellationToken cancellationToken)
    {
        await Operator.RenewAsync(cancellationToken);
        _app = await Operator.CreateAppAsync(AuthorizationFlow.RedirectUri, cancellationToken);
        for (var number = 0; number < people; number++)
        {
            var person = await CreatePersonAsync(Ranks.Highest, cancellationToken);
            _people.Add(person);
            await LoginAsync(person, cancellationToken);
            var key = await _client.SendAsync(
                HttpMethod.Post,
                "/api/keys",
                201,
                new JsonObject { ["name"] = "bench", ["scopes"] = new JsonArray("novaid.read"), ["capabilities"] = new JsonArray() },
                sessionToken: person.SessionToken,
                cancellationToken: cancellationToken);
            (person.KeyId, person.KeySecret) = (key["id"], key["clientSecret"]);
        }

        while (_documents.Count < Documents)
        {
            var document = new JsonObject { ["title"] = $"Document {_documents.Count + 1}", ["content"] = "What it says." };
            var reply = await _client.SendAsync(
                HttpMethod.Post,
                "/api/documents",
                201,
                document,
                sessionToken: _people[0].SessionToken,
                cancellationToken: cancellationToken);
            _documents.Add(reply["id"]);
        }

        await RenewAsync(cancellationToken);
    }

    private async Task RenewAsync(Person person, CancellationToken cancellationToken)
    {
        person.AccessToken = await new AuthorizationFlow(_client, Operator, _app.Id, _app.Secret).RunAsync(person.Id, cancellationToken);
        person.KeyToken = await ZoneOperator.TokenAsync(
            _client, person.KeyId, person.KeySecret, "novaid.read", "novaid-api", cancellationToken);
    }

    private async Task RemoveAsync()
    {
        await Operator.RenewAsync(CancellationToken.None);
        foreach (var document in _documents)
        {
            await _client.SendAsync(HttpMethod.Delete, $"/api/documents/{document}", 204, sessionToken: _people[0].SessionToken);
        }

        foreach (var person in _people)
        {
            if (person.KeyId.Length > 0)
            {
                await Operator.DeleteClientAsync(person.KeyId, CancellationToken.None);
            }

            await Operator.PatchAsync("delete", [ZoneOperator.Membership(Ranks.Highest, person.Id)], CancellationToken.None);
            await Operator.DeleteIdentityAsync(person.Id, CancellationToken.None);
        }

        await Operator.DeleteClientAsync(_app.Id, CancellationToken.None);
    }
}
