namespace NovaId.Api.Keys;

/// <summary>The API keys.</summary>
internal static class ApiKeyServiceCollectionExtensions
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services) => services.AddScoped<ApiKeyKeeper>();
}
