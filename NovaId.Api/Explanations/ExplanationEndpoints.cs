using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authorization;
using NovaId.Api.OpenApi;

namespace NovaId.Api.Explanations;

/// <summary>Why may somebody do something, or why not.</summary>
internal static class ExplanationEndpoints
{
    public static IEndpointRouteBuilder MapExplanations(this IEndpointRouteBuilder api)
    {
        api.MapGet("/permissions/explanation", ExplainAsync)
            .RequireCapability(Capabilities.ManagePermissions)
            .WithQuery("subject", "A person's id, or client: and a client's.")
            .WithQuery("namespace", "Rank, Capability or Document.")
            .WithQuery("object", "The rank, the capability, or the id of the document.")
            .WithQuery("relation", "Rank: atLeast, commands. Capability: allow. Document: view, edit, delete.")
            .WithTags("Checks")
            .WithSummary("Why somebody may do something: the path through ranks and grants, or what is missing");
        return api;
    }

    private static async Task<Ok<Explanation>> ExplainAsync(ExplanationQuery query, Explainer explainer, CancellationToken cancellationToken) =>
        TypedResults.Ok(await explainer.ExplainAsync(query, cancellationToken));
}
