using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;
using NovaId.Api.Documents;

namespace NovaId.Api.Storage;

/// <summary>The database.</summary>
internal static class StorageServiceCollectionExtensions
{
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton(provider => Open(provider.GetRequiredService<IOptions<StorageOptions>>().Value));
        services.AddHealthChecks().AddCheck<StorageHealthCheck>("storage");
        return services;
    }

    private static Database Open(StorageOptions options)
    {
        if (options.ConnectionString is { Length: > 0 } connectionString)
        {
            return new PostgresDatabase(connectionString);
        }

        try
        {
            return SqliteDatabase.Open(options.Path!, DocumentStore.SqliteSchema);
        }
        catch (SqliteException e)
        {
            throw new InvalidOperationException(
                $"Storage:Path is '{options.Path}', which cannot be used: {e.Message} Name a SQLite file that can be written, or a new one.",
                e);
        }
    }
}
