using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using NovaId.Emulator.Go;
using NovaId.Emulator.Keto.Check;
using NovaId.Emulator.Keto.Opl;
using NovaId.Emulator.Keto.Tuples;
using NovaId.Emulator.Postgres;
using static NovaId.Emulator.Keto.KetoModels;

namespace NovaId.Emulator.Keto;

/// <summary>Keto's REST API: the same routes, statuses and bodies.</summary>
internal sealed partial class KetoEndpoints(
    KetoSettings settings,
    CheckEngine engine,
    TupleStore store,
    PageTokens pageTokens,
    ILogger<KetoEndpoints> logger)
{
    private const string TuplesRoute = "/relation-tuples";
    private const string AdminTuplesRoute = "/admin/relation-tuples";
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 500;
    private const int RelationLimit = 64;

    private static readonly string[] QueryKeys =
        ["namespace", "object", "relation", "subject_id", "subject_set.namespace", "subject_set.object", "subject_set.relation", "subject"];

    public KetoRouter Read()
    {
        var router = Common();
        MapCheck(router, "/relation-tuples/check", mirrorStatus: true);
        MapCheck(router, "/relation-tuples/check/openapi", mirrorStatus: false);
        router.Map(HttpMethods.Post, "/relation-tuples/batch/check", BatchCheckAsync);
        router.Map(HttpMethods.Get, TuplesRoute, ListAsync);
        router.Map(HttpMethods.Get, "/namespaces", http => WriteAsync(http, NamespaceNames(), KetoJson.Default.NamespaceList));
        MapUnused(router, "/relation-tuples/expand");
        MapUnused(router, "/metrics/prometheus");
        return router;
    }

    public KetoRouter Write()
    {
        var router = Common();
        router.Map(HttpMethods.Put, AdminTuplesRoute, PutAsync);
        router.Map(HttpMethods.Patch, AdminTuplesRoute, PatchAsync);
        router.Map(HttpMethods.Delete, AdminTuplesRoute, DeleteAsync);
        MapUnused(router, "/metrics/prometheus");
        return router;
    }

    public static KetoRouter Syntax()
    {
        var router = Common();
        router.Map(HttpMethods.Post, "/opl/syntax/check", SyntaxCheckAsync);
        return router;
    }

    /// <summary>Gives every refusal Keto's form.</summary>
    public async Task HandleErrorsAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (KetoException exception)
        {
            await WriteErrorAsync(http, exception.Status, exception.Message, exception.Reason);
        }
        catch (BadHttpRequestException exception)
        {
            await WriteErrorAsync(http, exception.StatusCode, exception.Message, null);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
        catch (Exception exception)
        {
            LogFailure(logger, exception, http.Request.Method, http.Request.Path.Value ?? "");
            if (http.Response.HasStarted)
            {
                throw;
            }

            await WriteErrorAsync(
                http,
                StatusCodes.Status500InternalServerError,
                "An internal server error occurred, please contact the system administrator",
                null);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private static partial void LogFailure(ILogger logger, Exception exception, string method, string path);

    private void MapCheck(KetoRouter router, string route, bool mirrorStatus)
    {
        router.Map(HttpMethods.Get, route, http => WriteCheckAsync(http, GetQuestion(http), mirrorStatus));
        router.Map(HttpMethods.Post, route, async http => await WriteCheckAsync(http, await PostQuestionAsync(http), mirrorStatus));
    }

    private static KetoRouter Common()
    {
        var router = new KetoRouter();
        var version = new VersionInfo(KetoSettings.Version);
        router.Map(HttpMethods.Get, "/health/alive", http => WriteAsync(http, new HealthStatus("ok"), KetoJson.Default.HealthStatus));
        router.Map(HttpMethods.Get, "/health/ready", http => WriteAsync(http, new HealthStatus("ok"), KetoJson.Default.HealthStatus));
        router.Map(HttpMethods.Get, "/version", http => WriteAsync(http, version, KetoJson.Default.VersionInfo));
        return router;
    }

    /// <summary>A route of Keto that nothing in NovaId calls.</summary>
    private static void MapUnused(KetoRouter router, string route) =>
        router.Map(HttpMethods.Get, route, http => WriteAsync(
            http,
            new Problem(
                "Not Implemented",
                StatusCodes.Status501NotImplemented,
                $"The emulator's Keto does not serve {http.Request.Method} {route}: nothing in NovaId uses it. Call it on real Ory."),
            KetoJson.Default.Problem,
            StatusCodes.Status501NotImplemented,
            "application/problem+json"));

    private NamespaceList NamespaceNames() => new([.. settings.Namespaces.Names.Select(name => new NamespaceName(name))]);

    private RelationTuple? GetQuestion(HttpContext http)
    {
        var query = Query(http);
        RequestedDepth(query);
        var subject = SubjectOf(query) ?? throw NoSubject();
        return query.TryGetValue("namespace", out var ns)
            && query.TryGetValue("object", out var obj)
            && query.TryGetValue("relation", out var relation)
            ? QuestionOf(new Relationship(ns, obj, relation, null, null), subject)
            : throw KetoException.BadRequest("incomplete tuple, provide \"namespace\", \"object\", \"relation\", and a subject");
    }

    private async Task<RelationTuple?> PostQuestionAsync(HttpContext http)
    {
        RequestedDepth(Query(http));
        var body = await ReadForCheckAsync(http, KetoJson.Default.Relationship) ?? Relationship.Empty;
        return QuestionOf(body, body.Subject);
    }

    /// <summary>The tuple that is asked for; null if its namespace is unknown, which Keto answers with a plain no.</summary>
    private RelationTuple? QuestionOf(Relationship body, Subject? subject)
    {
        try
        {
            return ToQuestion(body, subject);
        }
        catch (KetoException exception) when (exception.Status == StatusCodes.Status404NotFound)
        {
            return null;
        }
    }

    private Task WriteCheckAsync(HttpContext http, RelationTuple? question, bool mirrorStatus)
    {
        var allowed = false;
        if (question is not null)
        {
            var outcome = engine.Check(store.Current, question, RequestedDepth(Query(http)), http.RequestAborted);
            allowed = outcome.Error is null ? outcome.Membership == Membership.IsMember : throw outcome.Error;
        }

        var status = allowed || !mirrorStatus ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden;
        return WriteAsync(http, new CheckResult(allowed), KetoJson.Default.CheckResult, status);
    }

    private async Task BatchCheckAsync(HttpContext http)
    {
        var depth = RequestedDepth(Query(http));
        var tuples = (await ReadForCheckAsync(http, KetoJson.Default.BatchCheck))?.Tuples ?? [];
        if (tuples.Length > settings.MaxBatchSize)
        {
            throw KetoException.BadRequest($"batch exceeds max size of {settings.MaxBatchSize}");
        }

        if (tuples.Contains(null))
        {
            // Real Keto v26.2.0 reads through the missing tuple, and its process ends.
            throw KetoException.BadRequest("a tuple of the batch is null");
        }

        // One snapshot for all, so that the answers fit together.
        var snapshot = store.Current;
        var results = Array.ConvertAll(tuples, body => CheckOne(snapshot, body!, depth, http.RequestAborted));
        await WriteAsync(http, new BatchCheckResult(results), KetoJson.Default.BatchCheckResult);
    }

    /// <summary>An item that cannot be checked has an error of its own and spoils no other.</summary>
    private CheckResult CheckOne(TupleSnapshot snapshot, Relationship body, long depth, CancellationToken cancellationToken)
    {
        try
        {
            // Keto shows what it had when the error came up, and under a negation that can be a yes: a caller must look at the error first.
            var outcome = engine.Check(snapshot, ToQuestion(body, body.Subject), depth, cancellationToken);
            return new CheckResult(outcome.Membership == Membership.IsMember, outcome.Error?.Message);
        }
        catch (KetoException exception)
        {
            return new CheckResult(false, exception.Message);
        }
    }

    private Task ListAsync(HttpContext http)
    {
        var query = Query(http);
        var filter = FilterOf(query);
        var order = OrderOf(filter);
        var after = query.GetValueOrDefault("page_token", "") is { Length: > 0 } token ? pageTokens.Read(token, order) : 0;
        var size = PageSize(query.GetValueOrDefault("page_size", ""));
        RequireNamespaces(filter);
        // Objects and subjects are compared by a hash of theirs.
        if (PostgresText.Refusal(filter.Relation ?? "") is { } refusal)
        {
            throw new KetoException(StatusCodes.Status500InternalServerError, $"unable to fetch records: {refusal}");
        }

        // One more than the page, to know whether there is another.
        var rows = store.Current.Find(filter, after, size + 1);
        var isLast = rows.Count <= size;
        var page = rows.Take(size).Select(row => Relationship.Of(row.Tuple)).ToArray();
        var next = isLast ? "" : pageTokens.Create(order, rows[size - 1].Sequence);
        return WriteAsync(http, new RelationshipPage(page, next), KetoJson.Default.RelationshipPage);
    }

    private async Task PutAsync(HttpContext http)
    {
        var body = await ReadAsync(http, KetoJson.Default.Relationship) ?? Relationship.Empty;
        var subject = body.Subject ?? throw NoSubject();
        var tuple = ToTuple(body, subject);
        store.Transact([tuple], []);
        http.Response.Headers.Location = $"{TuplesRoute}?{EncodeQuery(tuple)}";
        // The answer repeats the request: with a subject of both kinds, both, though only the id was written.
        var created = body with { Namespace = tuple.Set.Namespace, Object = tuple.Set.Object, Relation = tuple.Set.Relation };
        await WriteAsync(http, created, KetoJson.Default.Relationship, StatusCodes.Status201Created);
    }

    private async Task PatchAsync(HttpContext http)
    {
        var patches = await ReadAsync(http, KetoJson.Default.PatchArray) ?? [];
        foreach (var patch in patches)
        {
            if (patch?.RelationTuple is null)
            {
                throw KetoException.BadRequest("relation_tuple is missing");
            }

            if (patch.RelationTuple.Subject is null)
            {
                throw NoSubject();
            }

            if (patch.Action is not ("insert" or "delete"))
            {
                throw KetoException.BadRequest($"unknown action {patch.Action}");
            }
        }

        // Keto writes all insertions and then all deletions, whatever the order of the patch: a tuple in both is gone afterwards.
        store.Transact(With("insert"), With("delete"));
        http.Response.StatusCode = StatusCodes.Status204NoContent;

        List<RelationTuple> With(string action) =>
        [
            .. patches.Where(patch => patch.Action == action).Select(patch => ToTuple(patch.RelationTuple!, patch.RelationTuple!.Subject, isStored: action == "insert")),
        ];
    }

    private async Task DeleteAsync(HttpContext http)
    {
        var query = Query(http);
        List<string> reasons = [];
        if (query.Keys.FirstOrDefault(key => !QueryKeys.Contains(key)) is { } unknown)
        {
            reasons.Add($"query parameter key {GoText.Quote(unknown)} unknown");
        }

        if (!query.ContainsKey("namespace"))
        {
            reasons.Add("query parameters must specify at least one of the following: namespace");
        }

        if (await http.Request.Body.ReadAsync(new byte[1], http.RequestAborted) > 0)
        {
            reasons.Add("body is not empty");
        }

        if (reasons.Count > 0)
        {
            throw KetoException.Malformed(string.Join("; ", reasons));
        }

        var filter = FilterOf(query);
        RequireNamespaces(filter);
        store.Delete(filter);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task SyntaxCheckAsync(HttpContext http)
    {
        var source = Encoding.UTF8.GetString(await BodyAsync(http));
        var errors = OplParser.Parse(source).Errors
            .Select(error => new SyntaxError(error.Message, PositionOf(source, error.Start), PositionOf(source, error.End)))
            .ToArray();
        await WriteAsync(http, new SyntaxCheckResult(errors.Length > 0 ? errors : null), KetoJson.Default.SyntaxCheckResult);
    }

    /// <summary>A place in a source as Keto counts it: in bytes, but taken for characters, and a token at the beginning of a line stands at
    /// the end of the line before. Editors that talk to Keto know it so.</summary>
    private static SourcePosition PositionOf(string source, int place)
    {
        var rest = Encoding.UTF8.GetByteCount(source.AsSpan(0, place));
        var (line, column) = (1, 0);
        foreach (var character in source.EnumerateRunes())
        {
            column++;
            if (--rest <= 0)
            {
                break;
            }

            if (character.Value == '\n')
            {
                (line, column) = (line + 1, 0);
            }
        }

        return new SourcePosition(line, column);
    }

    /// <summary>What is asked for. Objects and subjects are compared by a hash of theirs, and a relation must be one that a namespace has; so the
    /// database sees the relation of a subject set alone.</summary>
    private RelationTuple ToQuestion(Relationship body, Subject? subject)
    {
        var question = ToComparedTuple(body, subject);
        return question.Subject is SubjectSet set && PostgresText.Refusal(set.Relation) is { } refusal
            ? throw new KetoException(StatusCodes.Status500InternalServerError, $"unable to fetch records: {refusal}")
            : question;
    }

    private RelationTuple ToTuple(Relationship body, Subject? subject, bool isStored = true)
    {
        var tuple = ToComparedTuple(body, subject);
        // A deletion only compares, and with a relation of any length.
        var limit = isStored ? RelationLimit : int.MaxValue;
        var refusal = Refusal(tuple.Set, limit)
            ?? (tuple.Subject is SubjectSet others ? Refusal(others, limit) : PostgresText.Refusal(((SubjectId)tuple.Subject).Id));
        return refusal is null ? tuple : throw new KetoException(StatusCodes.Status500InternalServerError, refusal);
    }

    private RelationTuple ToComparedTuple(Relationship body, Subject? subject)
    {
        // The relation is not looked at: Keto stores any, and only a check complains of one that does not exist.
        settings.Namespaces.Require(body.Namespace ?? "");
        if (subject is null)
        {
            throw NoSubject();
        }

        if (subject is SubjectSet set)
        {
            settings.Namespaces.Require(set.Namespace);
        }

        return new RelationTuple(new SubjectSet(body.Namespace ?? "", body.Object ?? "", body.Relation ?? ""), subject);
    }

    private static string? Refusal(SubjectSet set, int limit) => PostgresText.Refusal(set.Object) ?? PostgresText.Refusal(set.Relation, limit);

    private void RequireNamespaces(TupleQuery filter)
    {
        if (filter.Namespace is { } ns)
        {
            settings.Namespaces.Require(ns);
        }

        if (filter.Subject is SubjectSet set)
        {
            settings.Namespaces.Require(set.Namespace);
        }
    }

    private static KetoException NoSubject() => KetoException.BadRequest("subject is not allowed to be nil");

    /// <summary>The parameters with their first values.</summary>
    private static Dictionary<string, string> Query(HttpContext http)
    {
        var query = GoValues.OfQuery(http.Request);
        return query.Names.ToDictionary(name => name, name => query[name], StringComparer.Ordinal);
    }

    private static TupleQuery FilterOf(Dictionary<string, string> query)
    {
        var subject = SubjectOf(query);
        var (ns, obj) = (query.GetValueOrDefault("namespace"), query.GetValueOrDefault("object"));
        return new TupleQuery(ns, obj, query.GetValueOrDefault("relation"), subject);
    }

    private static Subject? SubjectOf(Dictionary<string, string> query)
    {
        if (query.ContainsKey("subject"))
        {
            throw KetoException.Malformed();
        }

        var hasId = query.TryGetValue("subject_id", out var id);
        var hasNamespace = query.TryGetValue("subject_set.namespace", out var ns);
        var hasObject = query.TryGetValue("subject_set.object", out var obj);
        var hasRelation = query.TryGetValue("subject_set.relation", out var relation);
        return (hasId, hasNamespace || hasObject || hasRelation, hasNamespace && hasObject && hasRelation) switch
        {
            (false, false, _) => null,
            (true, true, _) => throw KetoException.BadRequest("exactly one of subject_set or subject_id has to be provided"),
            (true, false, _) => new SubjectId(id!),
            (false, true, true) => new SubjectSet(ns!, obj!, relation!),
            _ => throw KetoException.BadRequest("incomplete subject, provide \"subject_id\" or a complete \"subject_set.*\""),
        };
    }

    private static long RequestedDepth(Dictionary<string, string> query)
    {
        if (!query.TryGetValue("max-depth", out var text))
        {
            return 0;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var depth)
            ? depth
            : throw KetoException.BadRequest(
                $"unable to parse 'max-depth' query parameter to int: strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax");
    }

    private static int PageSize(string text)
    {
        if (text.Length == 0)
        {
            return DefaultPageSize;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var size))
        {
            throw KetoException.BadRequest($"strconv.Atoi: parsing {GoText.Quote(text)}: invalid syntax");
        }

        return size <= 0 ? DefaultPageSize : (int)Math.Min(size, MaxPageSize);
    }

    /// <summary>Keto reads a list along one of two indexes, and a token of one is refused by the other.</summary>
    private static byte OrderOf(TupleQuery filter) => filter switch
    {
        { Subject: not null } or { Namespace: null } or { Object: null, Relation: not null } => 0,
        _ => 1,
    };

    private static string EncodeQuery(RelationTuple tuple)
    {
        // In the order of their names, as Go writes them.
        List<(string Name, string Value)> pairs =
            [("namespace", tuple.Set.Namespace), ("object", tuple.Set.Object), ("relation", tuple.Set.Relation)];
        if (tuple.Subject is SubjectSet set)
        {
            pairs.Add(("subject_set.namespace", set.Namespace));
            pairs.Add(("subject_set.object", set.Object));
            pairs.Add(("subject_set.relation", set.Relation));
        }
        else
        {
            pairs.Add(("subject_id", ((SubjectId)tuple.Subject).Id));
        }

        return string.Join('&', pairs.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value).Replace("%20", "+")}"));
    }

    private static async Task<T?> ReadForCheckAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class => await ReadAsync(http, type, "could not unmarshal json: ");

    private static async Task<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type, string prefix = "")
        where T : class
    {
        var body = await BodyAsync(http);
        try
        {
            return KetoJson.Read(body, type);
        }
        catch (JsonException exception)
        {
            throw KetoException.BadRequest(prefix + exception.Message);
        }
    }

    private static async Task<byte[]> BodyAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.ToArray();
    }

    private static Task WriteErrorAsync(HttpContext http, int status, string message, string? reason)
    {
        var requestId = http.Request.Headers["X-Request-ID"].ToString() is { Length: > 0 } id ? id : null;
        var detail = new ErrorDetail(status, ReasonPhrases.GetReasonPhrase(status), requestId, reason, message);
        return WriteAsync(http, new ErrorBody(detail), KetoJson.Default.ErrorBody, status, "application/json");
    }

    private static Task WriteAsync<T>(
        HttpContext http,
        T value,
        JsonTypeInfo<T> type,
        int status = StatusCodes.Status200OK,
        string contentType = "application/json; charset=utf-8")
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(value, type, contentType, http.RequestAborted);
    }
}
