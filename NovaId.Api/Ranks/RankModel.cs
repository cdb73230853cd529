using System.ComponentModel.DataAnnotations;

namespace NovaId.Api.Ranks;

/// <summary>A rank.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Level">Its place, from 1 (the lowest) to 8.</param>
internal sealed record RankModel(Rank Name, [property: Range(1, 8)] int Level);
