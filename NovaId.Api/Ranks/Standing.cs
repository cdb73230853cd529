using NovaId.Api.Gateway;

namespace NovaId.Api.Ranks;

/// <summary>A person and how the caller stands to them, as Kratos and Keto say it now.</summary>
/// <param name="Identity">The person.</param>
/// <param name="Ranks">The ranks the person holds, the highest first: one or none, unless something else wrote to Keto.</param>
/// <param name="Commanded">The ranks the caller commands.</param>
internal sealed record Standing(Identity Identity, IReadOnlyList<Rank> Ranks, IReadOnlySet<Rank> Commanded)
{
    /// <summary>The person's rank, if there is one.</summary>
    public Rank? Rank => Ranks is [var highest, ..] ? highest : null;
}
