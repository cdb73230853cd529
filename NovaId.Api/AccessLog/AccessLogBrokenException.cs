namespace NovaId.Api.AccessLog;

/// <summary>The access log is not as it was sealed, and to write on would bury that.</summary>
internal sealed class AccessLogBrokenException(string message, Exception? cause = null) : InvalidOperationException(message, cause);
