using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authorization;

namespace NovaId.Api.Checks;

/// <summary>Many permissions at once, for whoever builds a page from them.</summary>
internal static class CheckEndpoints
{
    public static IEndpointRouteBuilder MapChecks(this IEndpointRouteBuilder api)
    {
        api.MapPost("/checks", Answer)
            .RequireCaller().AskAlong(new CheckQuestions())
            .WithTags("Checks")
            .WithName("answerChecks").WithSummary("Answer up to fifty questions about what the caller may do");
        return api;
    }

    private static Ok<CheckResponse> Answer(CheckRequest request, Caller caller, PermissionAnswers answers) =>
        TypedResults.Ok(new CheckResponse(
        [
            .. request.Checks.Select(check => new CheckResult(
                check.Namespace,
                check.Object,
                check.Relation,
                answers.AllowsAll(CheckQuestions.Questions(check, caller.Subject)))),
        ]));
}
