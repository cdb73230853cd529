using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace NovaId.Emulator.Kratos;

/// <summary>An error as Kratos writes it: <c>{"error": {id, code, status, reason, details, message}}</c>, some with members beside it.</summary>
internal sealed class KratosException(int code, string message, string? id = null, string? reason = null, JsonObject? details = null)
    : Exception(message)
{
    private readonly int? _status;

    private KratosException(int status, int code, string message)
        : this(code, message) => _status = status;

    public int Code => code;

    public string? Id => id;

    public string? Reason => reason;

    /// <summary>The status of the answer, where it is not the one in its body.</summary>
    public int Status => _status ?? code;

    /// <summary>What stands beside <c>error</c> in the body.</summary>
    public JsonObject? Members { get; init; }

    public static KratosException BadRequest(string reason, string? id = null) =>
        new(400, "The request was malformed or contained invalid parameters", id, reason);

    /// <summary>A bad request whose own text is the message, as Kratos does where it hands on what its decoder said.</summary>
    public static KratosException BadRequestMessage(string message, string? reason = null) => new(400, message, reason: reason);

    /// <summary>What a decoder or the database said to a submission: in its body Kratos calls it its own fault, and in the status the sender's.</summary>
    public static KratosException Undecodable(string message) => new(status: 400, code: 500, message);

    public static KratosException Unauthorized(string reason) => new(401, "The request could not be authorized", reason: reason);

    public static KratosException Forbidden(string reason, string? id = null) =>
        new(403, "The requested action was forbidden", id, reason);

    public static KratosException NotFound(string reason) => new(404, "The requested resource could not be found", reason: reason);

    /// <summary>What Kratos calls its own fault.</summary>
    public static KratosException Internal(string reason) =>
        new(500, "An internal server error occurred, please contact the system administrator", reason: reason);

    /// <summary>What a look-up without a row answers.</summary>
    public static KratosException NoRows() => new(404, "Unable to locate the resource");

    public static KratosException UniqueViolation() =>
        new(409, "Unable to insert or update resource because a resource with that value exists already");

    public static KratosException Gone(string reason, string? id = null, JsonObject? details = null) =>
        new(410, "The requested resource is no longer available because it has expired or is otherwise invalid.", id, reason, details);

    public static KratosException NoActiveSession(string? reason = null) =>
        new(401, "request does not have a valid authentication session", "session_inactive", reason ?? "No active session was found in this request.");

    /// <summary>The answer that tells a page in a browser to go to another address.</summary>
    public static KratosException LocationChangeRequired(string address) =>
        new(
            422,
            "browser location change required",
            "browser_location_change_required",
            $"In order to complete this flow please redirect the browser to: {address}")
        {
            Members = new JsonObject { ["redirect_browser_to"] = address },
        };

    /// <summary>A contract of Kratos that nothing in the zone uses.</summary>
    public static KratosException NotInEmulator(string what) =>
        new(501, "The emulator does not have this contract of Kratos.", reason: $"{what} is not in the emulator. Run the zone on real Ory to use it.");

    /// <summary>The body of the response.</summary>
    public JsonObject ToBody(string? requestId)
    {
        var body = new JsonObject { ["error"] = ToJson(requestId) };
        foreach (var (name, value) in Members ?? [])
        {
            body[name] = value?.DeepClone();
        }

        return body;
    }

    /// <summary>The error itself, without what stands beside it.</summary>
    public JsonObject ToJson(string? requestId = null)
    {
        var error = new JsonObject();
        if (!string.IsNullOrEmpty(id))
        {
            error["id"] = id;
        }

        error["code"] = code;
        error["status"] = ReasonPhrases.GetReasonPhrase(code);
        if (!string.IsNullOrEmpty(requestId))
        {
            error["request"] = requestId;
        }

        if (!string.IsNullOrEmpty(reason))
        {
            error["reason"] = reason;
        }

        if (details is { Count: > 0 })
        {
            error["details"] = details.DeepClone();
        }

        error["message"] = Message;
        return error;
    }
}
