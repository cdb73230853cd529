namespace NovaId.Api.Ranks;

/// <summary>The hierarchy.</summary>
internal static class RankServiceCollectionExtensions
{
    public static IServiceCollection AddRanks(this IServiceCollection services) => services.AddScoped<Hierarchy>();
}
