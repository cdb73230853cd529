namespace NovaId.Api.Explanations;

/// <summary>Something that would allow it.</summary>
/// <param name="Kind">atLeastRank: this rank or a higher one; aboveRank: a rank above this one; rank: exactly this rank; grant: the
/// capability itself; owner, editor, viewer: that part in the document.</param>
/// <param name="Rank">The rank, where it is about one.</param>
internal sealed record ExplanationWay(string Kind, string? Rank = null);
