namespace NovaId.Api.Gateway;

/// <summary>A page of tuples as Keto answers it.</summary>
internal sealed record RelationTupleList
{
    public required RelationTuple[] RelationTuples { get; init; }

    public string? NextPageToken { get; init; }
}
