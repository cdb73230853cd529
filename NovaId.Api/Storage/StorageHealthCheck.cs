using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NovaId.Api.Storage;

/// <summary>Ready only if the database answers.</summary>
internal sealed class StorageHealthCheck(SqliteDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await database.ReadAsync(
                connection =>
                {
                    using var command = connection.Command("SELECT 1");
                    return command.ExecuteScalar() is 1L ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
                },
                cancellationToken);
        }
        catch (SqliteException e)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }
}
