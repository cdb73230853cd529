using Microsoft.Extensions.Diagnostics.HealthChecks;
using NovaId.ServiceDefaults;

namespace NovaId.Api.AccessLog;

/// <summary>Ready only if decisions can be written down.</summary>
internal sealed class AccessLogHealthCheck(AccessLogWriter writer) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await writer.HasRoomAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthExtensions.UnhealthyAndTold(writer.Problem ?? "The access log cannot be written.");
}
