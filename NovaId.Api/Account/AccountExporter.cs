using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using NovaId.Api.AccessLog;
using NovaId.Api.Authorization;
using NovaId.Api.Configuration;
using NovaId.Api.Documents;
using NovaId.Api.Gateway;
using NovaId.Api.Http;
using NovaId.Api.Keys;

namespace NovaId.Api.Account;

/// <summary>
/// Puts together everything that is held about a person. What the services hold is asked for first, so that a service that fails makes no
/// half a document; documents and access log, which may be long, are read while they are sent.
/// </summary>
internal sealed class AccountExporter(
    KratosClient kratos,
    KetoClient keto,
    HydraClient hydra,
    ApiKeyKeeper keys,
    DocumentStore documents,
    AccessLogStore log,
    AccessLogWriter writer,
    IOptions<GatewayOptions> gateway,
    TimeProvider time)
{
    private const int PageSize = 100;

    public async Task<AccountExport> CollectAsync(Caller caller, CancellationToken cancellationToken)
    {
        var person = caller.Subject.PersonId!.Value;
        var identity = kratos.FindIdentityAsync(person, cancellationToken);
        var sessions = MySession.ListAsync(kratos, caller.Subject, cancellationToken);
        var consents = hydra.ListConsentsAsync(caller.Subject.Id, cancellationToken);
        var owned = keys.ListAllAsync(person, cancellationToken);
        await Task.WhenAll(identity, sessions, consents, owned);

        string[] subjects = [caller.Subject.Id, .. (await owned).Select(key => CallerSubject.ClientPrefix + key.Id)];
        var relations = await Task.WhenAll(
            subjects.SelectMany(AccountTuples.Of).Select(query => keto.ListAllAsync(query, cancellationToken)));
        await writer.FlushAsync(cancellationToken);
        return new AccountExport(
            gateway.Value.ExpectedIssuer.TrimEnd('/') + AccountEndpoints.SchemaPath,
            time.GetUtcNow(),
            ExportedPerson.Of(await identity ?? throw Refusal.InvalidToken("identity unknown").AsException()),
            caller.Rank,
            [
                .. relations.SelectMany(tuples => tuples)
                    .Select(tuple => new ExportedRelation(tuple.Namespace, tuple.Object, tuple.Relation, tuple.SubjectId!)),
            ],
            await sessions,
            MyApp.Of(await consents),
            await owned,
            ReadDocumentsAsync(person, cancellationToken),
            ReadLogAsync(subjects, cancellationToken));
    }

    private async IAsyncEnumerable<Document> ReadDocumentsAsync(Guid person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long? before = null; ;)
        {
            var page = await documents.ListOwnedAsync(person, before, PageSize, cancellationToken);
            foreach (var (_, document) in page)
            {
                yield return document;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            before = page[^1].Row;
        }
    }

    private async IAsyncEnumerable<AccessLogEntry> ReadLogAsync(
        IReadOnlyList<string> subjects,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var subject in subjects)
        {
            for (long? before = null; ;)
            {
                var page = await log.ListAsync(subject, allowed: null, before, PageSize, cancellationToken);
                foreach (var entry in page)
                {
                    yield return entry;
                }

                if (page.Count < PageSize)
                {
                    break;
                }

                before = page[^1].Id;
            }
        }
    }
}
