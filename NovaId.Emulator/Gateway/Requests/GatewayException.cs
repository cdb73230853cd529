using Microsoft.Extensions.Primitives;

namespace NovaId.Emulator.Gateway.Requests;

/// <summary>A request that the gateway refuses: what the error handler of the rule makes an answer of.</summary>
internal sealed class GatewayException : Exception
{
    private GatewayException(int status, string message, string? reason)
        : base(message)
    {
        Status = status;
        Reason = reason;
    }

    public int Status { get; }

    /// <summary>Why, for the log and for verbose answers.</summary>
    public string? Reason { get; }

    /// <summary>What the answer carries besides, such as Retry-After.</summary>
    public IReadOnlyDictionary<string, StringValues> Headers { get; private init; } = new Dictionary<string, StringValues>();

    public static GatewayException NoRule() => new(StatusCodes.Status404NotFound, "Requested url does not match any rules", null);

    public static GatewayException SeveralRules() =>
        new(StatusCodes.Status500InternalServerError, "Expected exactly one rule but found multiple rules", null);

    public static GatewayException Unauthorized(string? reason = null) =>
        new(StatusCodes.Status401Unauthorized, "Access credentials are invalid", reason);

    public static GatewayException Forbidden(string? reason = null) =>
        new(StatusCodes.Status403Forbidden, "Access credentials are not sufficient to access this resource", reason);

    /// <summary>The answer of a service that is asked too often, with what it says about when to come back.</summary>
    public static GatewayException TooManyRequests(HttpResponseMessage response)
    {
        string[] shared = ["Retry-After", "X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset", "X-Ratelimit-Type"];
        var headers = new Dictionary<string, StringValues>();
        foreach (var name in shared)
        {
            if (response.Headers.NonValidated.TryGetValues(name, out var values))
            {
                headers[name] = values.First();
            }
        }

        return new GatewayException(StatusCodes.Status429TooManyRequests, "Too many requests", null) { Headers = headers };
    }

    public static GatewayException Internal(string message) => new(StatusCodes.Status500InternalServerError, message, null);
}
