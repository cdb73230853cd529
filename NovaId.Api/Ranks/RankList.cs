namespace NovaId.Api.Ranks;

/// <summary>The ranks, the highest first.</summary>
internal sealed record RankList(IReadOnlyList<RankModel> Ranks);
