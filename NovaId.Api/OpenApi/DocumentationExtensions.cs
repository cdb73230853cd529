using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Api.Authorization;
using Scalar.AspNetCore;

namespace NovaId.Api.OpenApi;

/// <summary>What the API offers, for whoever writes a client.</summary>
internal static class DocumentationExtensions
{
    public const string DocumentName = "v1";
    private const string DocumentPath = "/api/openapi.json";
    private const string PagePath = "/api/docs";
    private const string Why = "It says what the API offers, and nothing about anyone.";

    public static IServiceCollection AddApiDocumentation(this IServiceCollection services)
    {
        services.AddOpenApi(DocumentName, openApi => openApi
            .AddDocumentTransformer<DocumentTransformer>()
            .AddOperationTransformer<OperationTransformer>()
            .AddSchemaTransformer<SchemaTransformer>());
        services.AddSingleton<OpenApiDocumentCache>();
        return services;
    }

    public static IEndpointRouteBuilder MapApiDocumentation(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(DocumentPath, GetAsync).AllowWithoutCaller(Why).ExcludeFromDescription();

        // The page's own redirect to an address that ends in a slash would go round in circles: the gateway takes that slash away.
        endpoints.MapGet(PagePath, () => TypedResults.LocalRedirect($"{PagePath}/{DocumentName}")).AllowWithoutCaller(Why).ExcludeFromDescription();
        endpoints.MapScalarApiReference(PagePath, scalar =>
        {
            scalar.Title = "NovaId API";
            scalar.OpenApiRoutePattern = DocumentPath;
            // Everything the page needs comes from here: its script is embedded, and nothing is fetched from, or told to, anyone else.
            scalar.DefaultFonts = false;
            scalar.Telemetry = false;
            scalar.HideClientButton = true;
            scalar.DisableAgent().DisableMcp();
        }).AllowWithoutCaller(Why);
        return endpoints;
    }

    private static async Task<FileContentHttpResult> GetAsync(OpenApiDocumentCache cache)
    {
        var document = await cache.GetAsync();
        return TypedResults.Bytes(document.Content, "application/json", entityTag: document.Tag);
    }
}
