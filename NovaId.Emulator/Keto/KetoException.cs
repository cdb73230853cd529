namespace NovaId.Emulator.Keto;

/// <summary>A request that Keto refuses.</summary>
internal sealed class KetoException(int status, string message, string? reason = null) : Exception(message)
{
    private const string MalformedMessage = "The request was malformed or contained invalid parameters";

    public int Status => status;

    /// <summary>What exactly was wrong, where the message is a general one.</summary>
    public string? Reason => reason;

    public static KetoException BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);

    public static KetoException Malformed(string? reason = null) => new(StatusCodes.Status400BadRequest, MalformedMessage, reason);

    public static KetoException NotFound(string reason) =>
        new(StatusCodes.Status404NotFound, "The requested resource could not be found", reason);
}
