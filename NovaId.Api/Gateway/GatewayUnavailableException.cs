namespace NovaId.Api.Gateway;

/// <summary>
/// A service did not answer in time, or with something that is no answer. Nothing may be allowed on it. The message is for the log; callers
/// learn the service's name only.
/// </summary>
internal sealed class GatewayUnavailableException(GatewayService service, string reason, Exception? innerException = null)
    : Exception($"{service}: {reason}", innerException)
{
    public GatewayService Service { get; } = service;

    public string Reason { get; } = reason;
}
