using System.Text.Json.Serialization;

namespace NovaId.Api.Ranks;

/// <summary>The ranks, by level. Keto knows them by these names.</summary>
[JsonConverter(typeof(RankJsonConverter))]
internal enum Rank
{
    Private = 1,
    Corporal = 2,
    Sergeant = 3,
    Lieutenant = 4,
    Captain = 5,
    Major = 6,
    Colonel = 7,
    General = 8,
}
