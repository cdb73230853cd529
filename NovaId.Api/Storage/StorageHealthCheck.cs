using System.Data.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NovaId.ServiceDefaults;

namespace NovaId.Api.Storage;

/// <summary>Ready only if the database answers.</summary>
internal sealed class StorageHealthCheck(Database database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await database.ReadAsync((connection, cancelled) => connection.ExecuteAsync("SELECT 1", cancelled), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (DbException e)
        {
            return HealthExtensions.UnhealthyAndTold(
                database is PostgresDatabase ? PostgresSchema.Explain(e) : "The database does not answer.",
                e);
        }
    }
}
