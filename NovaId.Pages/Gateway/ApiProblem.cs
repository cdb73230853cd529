namespace NovaId.Pages.Gateway;

/// <summary>The API's refusal: problem details (RFC 9457).</summary>
/// <param name="Type">Which kind.</param>
/// <param name="Title">In a few words, for a person.</param>
/// <param name="Detail">More about it.</param>
/// <param name="Required">What would have been needed.</param>
/// <param name="Service">Who did not answer.</param>
/// <param name="TraceId">Finds the request in traces and in the access log.</param>
/// <param name="Assurance">What is missing of how strongly and how lately the person showed who they are; null if it is not about that.</param>
public sealed record ApiProblem(
    string? Type, string? Title, string? Detail, string? Required, string? Service, string? TraceId, AssuranceGap? Assurance)
{
    /// <summary>The media type of problem details.</summary>
    public const string MediaType = "application/problem+json";
}
