namespace NovaId.Api.Documents;

/// <summary>The documents.</summary>
internal static class DocumentServiceCollectionExtensions
{
    public static IServiceCollection AddDocuments(this IServiceCollection services) => services
        .AddSingleton<DocumentStore>()
        .AddScoped<DocumentKeeper>();
}
