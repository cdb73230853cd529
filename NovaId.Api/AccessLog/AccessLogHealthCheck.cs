using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NovaId.Api.AccessLog;

/// <summary>Ready only if decisions can be written down.</summary>
internal sealed class AccessLogHealthCheck(AccessLogWriter writer) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await writer.HasRoomAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The access log cannot be written.");
}
