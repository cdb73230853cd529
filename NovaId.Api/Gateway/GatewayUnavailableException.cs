using System.Security.Authentication;

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

    /// <summary>
    /// What failed where a call did: the gateway, if it is not there, or is not known by its certificate; then it is said what is wrong with that.
    /// </summary>
    /// <param name="service">Whom the call was for.</param>
    /// <param name="reason">What is said otherwise.</param>
    /// <param name="failure">How it failed.</param>
    public static GatewayUnavailableException Of(GatewayService service, string reason, Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException refused } =>
            new(GatewayService.Gateway, $"is not believed to be the gateway. {refused.Message}", failure),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } =>
            new(GatewayService.Gateway, reason, failure),
        _ => new(service, reason, failure),
    };

    /// <summary>
    /// What failed, where calls side by side did. If none of them was answered, whichever service it was for, what they have in common is
    /// the gateway.
    /// </summary>
    /// <param name="failures">The failures, at least one.</param>
    /// <param name="calls">How many calls there were.</param>
    public static GatewayUnavailableException Of(IReadOnlyList<GatewayUnavailableException> failures, int calls) =>
        failures.Count == calls && failures.Any(failure => failure.Service != failures[0].Service)
            ? new GatewayUnavailableException(
                GatewayService.Gateway,
                $"leaves everything unanswered. {string.Join(' ', failures.Select(failure => failure.Message).Distinct())}",
                failures[0])
            : failures[0];
}
