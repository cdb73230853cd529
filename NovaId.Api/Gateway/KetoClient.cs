using System.Net;

namespace NovaId.Api.Gateway;

/// <summary>Keto, as far as the gateway lets the API in.</summary>
internal sealed class KetoClient(GatewayChannel channel, PageTokenSeal seal)
{
    /// <summary>How many questions Keto takes at once (<c>limit.max_batch_check_size</c>).</summary>
    public const int MaximumBatch = 50;

    private const int PageSize = 100;

    /// <summary>More tuples than anything here has: whoever has more is not listed to the end but refused.</summary>
    private const int MaximumPages = 10;

    /// <summary>The answers, in the order of the questions: one call for each fifty, side by side.</summary>
    public async Task<IReadOnlyList<bool>> CheckAsync(IReadOnlyList<RelationTuple> questions, CancellationToken cancellationToken)
    {
        var batches = await Task.WhenAll(questions.Chunk(MaximumBatch).Select(batch => CheckBatchAsync(batch, cancellationToken)));
        return [.. batches.SelectMany(batch => batch)];
    }

    public async Task<ServicePage<RelationTuple>> ListAsync(
        TupleQuery query,
        int size,
        string? pageToken,
        CancellationToken cancellationToken)
    {
        var target = $"svc/keto/relation-tuples?{query.ToQueryString()}";
        var token = seal.Open(target, pageToken);
        var path = $"{target}&page_size={size}" + (token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}");
        var response = await channel.SendAsync(GatewayRequest.ReadList(GatewayService.Keto, path), cancellationToken);
        if (response.Status == HttpStatusCode.BadRequest && pageToken is not null)
        {
            throw new InvalidPageTokenException();
        }

        if (response.Status != HttpStatusCode.OK)
        {
            throw response.Unexpected();
        }

        var list = response.Read(GatewayJson.Default.RelationTupleList);
        if (list.RelationTuples.Length > size || !list.RelationTuples.All(tuple => tuple is not null && query.Matches(tuple)))
        {
            throw new GatewayUnavailableException(GatewayService.Keto, "answered with tuples that were not asked for.");
        }

        var next = string.IsNullOrEmpty(list.NextPageToken) ? null : list.NextPageToken;
        return new ServicePage<RelationTuple>(list.RelationTuples, seal.Close(target, next));
    }

    /// <summary>Every tuple of the query, page after page.</summary>
    public async Task<IReadOnlyList<RelationTuple>> ListAllAsync(TupleQuery query, CancellationToken cancellationToken)
    {
        var tuples = new List<RelationTuple>();
        string? pageToken = null;
        for (var pages = 0; pages < MaximumPages; pages++)
        {
            var page = await ListAsync(query, PageSize, pageToken, cancellationToken);
            tuples.AddRange(page.Items);
            pageToken = page.NextPageToken;
            if (pageToken is null)
            {
                return tuples;
            }
        }

        throw new GatewayUnavailableException(GatewayService.Keto, "lists more tuples than there can be.");
    }

    /// <summary>Deletes and inserts in one transaction: all of it or nothing.</summary>
    public async Task PatchAsync(
        IEnumerable<RelationTuple> delete,
        IEnumerable<RelationTuple> insert,
        CancellationToken cancellationToken)
    {
        RelationTupleDelta[] deltas =
        [
            .. delete.Select(tuple => new RelationTupleDelta("delete", tuple)),
            .. insert.Select(tuple => new RelationTupleDelta("insert", tuple)),
        ];
        if (deltas.Length == 0)
        {
            return;
        }

        var request = new GatewayRequest(GatewayService.Keto, HttpMethod.Patch, "svc/keto/admin/relation-tuples", IsRead: false)
            .WithJson(deltas, GatewayJson.Default.RelationTupleDeltaArray);
        var response = await channel.SendAsync(request, cancellationToken);
        if (response.Status != HttpStatusCode.NoContent)
        {
            throw response.Unexpected();
        }
    }

    private async Task<IEnumerable<bool>> CheckBatchAsync(RelationTuple[] batch, CancellationToken cancellationToken)
    {
        var request = new GatewayRequest(GatewayService.Keto, HttpMethod.Post, "svc/keto/relation-tuples/batch/check", IsRead: true)
            .WithJson(new BatchCheckRequest(batch), GatewayJson.Default.BatchCheckRequest);
        var response = await channel.SendAsync(request, cancellationToken);
        if (response.Status != HttpStatusCode.OK)
        {
            throw response.Unexpected();
        }

        var results = response.Read(GatewayJson.Default.BatchCheckResponse).Results;
        if (results.Length != batch.Length)
        {
            throw new GatewayUnavailableException(GatewayService.Keto, $"gave {results.Length} answers to {batch.Length} questions.");
        }

        return results.Any(result => result is null || !string.IsNullOrEmpty(result.Error))
            ? throw new GatewayUnavailableException(GatewayService.Keto, "could not answer a question.")
            : results.Select(result => result.Allowed);
    }
}
