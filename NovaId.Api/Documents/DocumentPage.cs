using Microsoft.AspNetCore.Http.Features;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;

namespace NovaId.Api.Documents;

/// <summary>
/// Collects a page of what the caller may view: candidates from the database, newest first, and one batch check for each fifty of them. The
/// first batch is asked along with whether the caller may come in. However many documents there are, a page looks at a bounded number.
/// </summary>
internal sealed class DocumentPage : IPermissionQuestions
{
    public const int MaximumBatches = 10;
    private const char List = 'd';

    public async ValueTask<IReadOnlyList<RelationTuple>> AskAsync(HttpContext http, CallerSubject caller)
    {
        var before = KeysetToken.Decode(List, PageRequest.Of(http.Request).Token);
        var first = await NextAsync(http.RequestServices.GetRequiredService<DocumentStore>(), before, http.RequestAborted);
        http.Features.Set(first);
        return [.. first.Documents.Select(candidate => Permissions.Document(candidate.Document.Id, Permissions.View, caller.Id))];
    }

    public static async Task<Page<DocumentSummary>> CollectAsync(
        PageRequest request,
        HttpContext http,
        Caller caller,
        PermissionAnswers answers,
        DocumentStore store,
        KetoClient keto)
    {
        var visible = new List<DocumentSummary>();
        var candidates = http.Features.GetRequiredFeature<Candidates>();
        bool[] allowed = [.. candidates.Documents.Select(candidate => answers[Question(candidate)])];
        for (var batch = 1; ; batch++)
        {
            for (var index = 0; index < allowed.Length; index++)
            {
                if (allowed[index])
                {
                    visible.Add(candidates.Documents[index].Document);
                }

                var isLast = index == allowed.Length - 1 && !candidates.HasMore;
                if (visible.Count == request.Size && !isLast)
                {
                    return new Page<DocumentSummary>(visible, KeysetToken.Encode(List, candidates.Documents[index].Row));
                }
            }

            if (!candidates.HasMore)
            {
                return new Page<DocumentSummary>(visible, NextPageToken: null);
            }

            var last = candidates.Documents[^1].Row;
            if (batch == MaximumBatches)
            {
                return new Page<DocumentSummary>(visible, KeysetToken.Encode(List, last));
            }

            candidates = await NextAsync(store, last, http.RequestAborted);
            allowed = [.. await keto.CheckAsync([.. candidates.Documents.Select(Question)], http.RequestAborted)];
        }

        RelationTuple Question(DocumentRow candidate) => Permissions.Document(candidate.Document.Id, Permissions.View, caller.Subject.Id);
    }

    private static async Task<Candidates> NextAsync(DocumentStore store, long? before, CancellationToken cancellationToken)
    {
        var rows = await store.ListAsync(before, KetoClient.MaximumBatch + 1, cancellationToken);
        return new Candidates([.. rows.Take(KetoClient.MaximumBatch)], rows.Count > KetoClient.MaximumBatch);
    }

    private sealed record Candidates(IReadOnlyList<DocumentRow> Documents, bool HasMore);
}
