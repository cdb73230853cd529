using System.Net;
using NovaId.Pages.Gateway;

namespace NovaId.Demo.Calls;

/// <summary>Finds out by whom a call was refused.</summary>
internal static class Refusals
{
    private static readonly string[] OfKeto = ["rank ", "Rank ", "Capability ", "Document ", "capability "];

    /// <param name="answer">The answer.</param>
    /// <param name="problem">What it says; null if it is not the API's.</param>
    /// <param name="steps">The API's own steps, where it tells them.</param>
    /// <param name="isOfApi">Whether the API was to answer; else Hydra was, and the gateway asks nobody before.</param>
    public static Refuser Of(GatewayAnswer answer, ApiProblem? problem, IReadOnlyList<WayStep> steps, bool isOfApi) => answer switch
    {
        { IsSuccess: true } => Refuser.None,
        { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } when !isOfApi => Refuser.Hydra,
        { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } when problem is null => Refuser.Gateway,
        // What fails in the gateway itself is the question whether the token counts.
        { Status: HttpStatusCode.InternalServerError } when problem is null && isOfApi => Refuser.Unasked,
        _ when problem is null => Refuser.Unreachable,
        { Status: HttpStatusCode.ServiceUnavailable } => Refuser.Unanswered,
        { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => OfRight(answer, problem, steps),
        _ => Refuser.Api,
    };

    private static Refuser OfRight(GatewayAnswer answer, ApiProblem problem, IReadOnlyList<WayStep> steps)
    {
        if (steps.FirstOrDefault(step => step.IsYes == false) is { } no)
        {
            return no.By switch
            {
                "hydra" => Refuser.Hydra,
                "kratos" => Refuser.Kratos,
                "keto" => Refuser.Keto,
                _ => Refuser.Api,
            };
        }

        // Where the API does not tell its steps, the refusal says what it was about.
        if (answer.Status == HttpStatusCode.Unauthorized || answer.HeaderOf("WWW-Authenticate")?.Contains("insufficient_scope", StringComparison.Ordinal) == true)
        {
            return Refuser.Hydra;
        }

        return problem switch
        {
            { Assurance: not null } => Refuser.Kratos,
            { Required: { } required } when OfKeto.Any(required.StartsWith) => Refuser.Keto,
            _ => Refuser.Api,
        };
    }
}
