using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using NovaId.Bench.Load;
using NovaId.Bench.Population;
using NovaId.Bench.Zones;

namespace NovaId.Bench.Measurement;

/// <summary>
/// Every path that is measured, and what each is measured against. Where the API asks a service anything else, its row here says so.
/// </summary>
internal sealed class PathCatalog
{
    public const string Gateway = "gateway";
    public const string Direct = "direct";
    public const string AuthenticatedSession = "session-hop";
    public const string AuthenticatedPerson = "oauth2-hop";
    public const string AuthenticatedClient = "client-hop";
    public const string Identity = "kratos";
    public const string KratosSession = "kratos-session";
    public const string Memberships = "keto-list";
    public const string Check = "keto-check";
    public const string CheckDocuments = "keto-check-50";
    public const string Introspection = "hydra";
    public const string Session = "session";
    public const string OAuth2Person = "oauth2-person";
    public const string OAuth2Client = "oauth2-client";
    public const string DocumentList = "documents";
    public const string RankCheck = "rank-check";

    /// <summary>How many paths there are where the API can be reached directly.</summary>
    public const int Count = 16;

    /// <summary>The paths whose growth is measured; the first is the bare hop, which shows the noise.</summary>
    public static IReadOnlyList<string> Growing { get; } = [Gateway, Session, OAuth2Person, OAuth2Client, DocumentList, RankCheck];

    /// <summary>No endpoint of the API answers here: the gateway authenticates and hands on, and the API asks nobody.</summary>
    private const string Nowhere = "/api/nowhere";

    private readonly Uri _gateway;
    private readonly ZonePopulation _population;

    private PathCatalog(Uri gateway, ZonePopulation population) => (_gateway, _population) = (gateway, population);

    public static IReadOnlyList<MeasuredPath> Create(IBenchZone zone, ZonePopulation population) =>
        new PathCatalog(zone.Gateway, population).Create(zone.Api);

    private IReadOnlyList<MeasuredPath> Create(Uri? api) =>
    [
        new("bare gateway hop: client, gateway, API", Get(Gateway, "/api/health")),
        .. api is null
            ? Array.Empty<MeasuredPath>()
            : [new("bare API: client, API", new Workload(Direct, Getter(new Uri(api, "/api/health")), HttpStatusCode.OK))],
        new("gateway hop with a session authenticated", Get(AuthenticatedSession, Nowhere, BySession, HttpStatusCode.NotFound)),
        new("gateway hop with an OAuth2 token of a person authenticated", Get(AuthenticatedPerson, Nowhere, ByAccessToken, HttpStatusCode.NotFound)),
        new("gateway hop with an OAuth2 token of a client authenticated", Get(AuthenticatedClient, Nowhere, ByKeyToken, HttpStatusCode.NotFound)),
        new("Kratos: an identity", Get(Identity, person => $"{ZoneOperator.Identities}/{person.Id}", ByOperator)),
        new("Kratos: a session with its person", Get(
            KratosSession, person => $"{ZoneOperator.Sessions}/{person.SessionId}?expand=identity", ByOperator)),
        new("Keto: the ranks of a subject", Get(
            Memberships,
            person => $"/svc/keto/relation-tuples?namespace=Rank&relation=members&subject_id={person.Id}&page_size=100",
            ByOperator)),
        new("Keto: a batch check of one", PostChecks(Check, person => [ZoneOperator.Tuple("Rank", Ranks.Lowest, "atLeast", person.Id)])),
        new("Keto: a batch check of 50", PostChecks(CheckDocuments, _ => DocumentQuestions())),
        new("Hydra: an introspection", Post(
            Introspection,
            "/svc/hydra/admin/oauth2/introspect",
            "application/x-www-form-urlencoded",
            connection => Encoding.ASCII.GetBytes($"token={Uri.EscapeDataString(PersonOf(connection).AccessToken)}"))),
        new("session path: GET /api/me", Get(Session, "/api/me", BySession),
            new PathLimit(Gateway, AuthenticatedSession, [KratosSession, Memberships])),
        new("OAuth2 path of a person: GET /api/me", Get(OAuth2Person, "/api/me", ByAccessToken),
            new PathLimit(Gateway, AuthenticatedPerson, [Introspection, Identity, Memberships])),
        new("OAuth2 path of a client (API key): GET /api/me", Get(OAuth2Client, "/api/me", ByKeyToken),
            new PathLimit(Gateway, AuthenticatedClient, [Introspection, Identity, Memberships])),
        new("a list of 50 documents, by session", Get(DocumentList, "/api/documents?pageSize=50", ByOwnerSession),
            new PathLimit(Gateway, AuthenticatedSession, [KratosSession, Memberships, CheckDocuments])),
        new("a check at the bottom of the ranks, by session", Get(
                RankCheck, $"/api/ranks/{Ranks.Lowest}/access", BySession, HttpStatusCode.NoContent),
            new PathLimit(Gateway, AuthenticatedSession, [KratosSession, Memberships, Check])),
    ];

    private static Func<int, HttpRequestMessage> Getter(Uri address) => _ => new HttpRequestMessage(HttpMethod.Get, address);

    private Person PersonOf(int connection) => _population.People[connection % _population.People.Count];

    private Workload Get(string id, string target) => new(id, Getter(new Uri(_gateway, target)), HttpStatusCode.OK);

    private Workload Get(string id, string target, Action<HttpRequestMessage, Person> authenticate, HttpStatusCode expected = HttpStatusCode.OK) =>
        Get(id, _ => target, authenticate, expected);

    private Workload Get(
        string id,
        Func<Person, string> target,
        Action<HttpRequestMessage, Person> authenticate,
        HttpStatusCode expected = HttpStatusCode.OK)
    {
        Uri[] addresses = [.. _population.People.Select(person => new Uri(_gateway, target(person)))];
        return new(
            id,
            connection =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, addresses[connection % addresses.Length]);
                authenticate(request, PersonOf(connection));
                return request;
            },
            expected);
    }

    private Workload PostChecks(string id, Func<Person, IEnumerable<JsonObject>> questions)
    {
        byte[][] bodies = [.. _population.People.Select(person => Encoding.UTF8.GetBytes(
            new JsonObject { ["tuples"] = new JsonArray([.. questions(person)]) }.ToJsonString()))];
        return Post(id, "/svc/keto/relation-tuples/batch/check", "application/json", connection => bodies[connection % bodies.Length]);
    }

    private IEnumerable<JsonObject> DocumentQuestions() =>
        _population.DocumentIds.Select(document => ZoneOperator.Tuple("Document", document, "view", _population.People[0].Id));

    private Workload Post(string id, string target, string mediaType, Func<int, byte[]> body)
    {
        var address = new Uri(_gateway, target);
        var type = new MediaTypeHeaderValue(mediaType);
        return new(
            id,
            connection =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, address)
                {
                    Content = new ByteArrayContent(body(connection)) { Headers = { ContentType = type } },
                };
                ByOperator(request, PersonOf(connection));
                return request;
            },
            HttpStatusCode.OK);
    }

    private static void BySession(HttpRequestMessage request, Person person) => Add(request, "X-Session-Token", person.SessionToken);

    private void ByOwnerSession(HttpRequestMessage request, Person person) => BySession(request, _population.People[0]);

    private static void ByAccessToken(HttpRequestMessage request, Person person) => Add(request, "Authorization", $"Bearer {person.AccessToken}");

    private static void ByKeyToken(HttpRequestMessage request, Person person) => Add(request, "Authorization", $"Bearer {person.KeyToken}");

    private void ByOperator(HttpRequestMessage request, Person person) => Add(request, "Authorization", _population.Operator.Authorization);

    private static void Add(HttpRequestMessage request, string name, string value) => request.Headers.TryAddWithoutValidation(name, value);
}
