using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NovaId.Api.Authorization;
using NovaId.Api.Http;

namespace NovaId.Api.OpenApi;

/// <summary>What each endpoint requires, takes and refuses, read from what it declares.</summary>
internal sealed class OperationTransformer : IOpenApiOperationTransformer
{
    /// <summary>What is required, for programs that read the document.</summary>
    public const string RequiresExtension = "x-novaid-requires";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in metadata.OfType<QueryParameter>())
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Description = parameter.Description,
                Schema = new OpenApiSchema { Type = parameter.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String },
            });
        }

        var requirements = metadata.OfType<Requirement>().ToList();
        if (requirements.Count == 0)
        {
            return Task.CompletedTask;
        }

        var required = EndpointDeclarations.Describe(requirements, http: null);
        operation.Description = $"Requires {required}. {operation.Description}".TrimEnd();
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions[RequiresExtension] = new JsonNodeExtension(JsonValue.Create(required));
        var scope = string.Equals(context.Description.HttpMethod, HttpMethods.Get, StringComparison.OrdinalIgnoreCase)
            ? CallerVerifier.ReadScope
            : CallerVerifier.WriteScope;
        operation.Security =
        [
            Scheme(DocumentTransformer.SessionToken),
            Scheme(DocumentTransformer.SessionCookie),
            Scheme(DocumentTransformer.OAuth2, scope),
        ];
        Refuses("401", "Nobody calls, or what they show does not count.");
        Refuses("403", $"The caller has not {required}, or the token lacks the scope.");
        Refuses("429", "There are too many requests of this caller; Retry-After says when to come back.");
        Refuses("503", "A service gave no answer; nothing was allowed.");
        if (operation.Parameters is { Count: > 0 } || operation.RequestBody is not null)
        {
            Refuses("400", "The request is not well formed.");
        }

        return Task.CompletedTask;

        OpenApiSecurityRequirement Scheme(string name, params List<string> scopes) =>
            new() { [new OpenApiSecuritySchemeReference(name, context.Document)] = scopes };

        void Refuses(string status, string description) => (operation.Responses ??= []).TryAdd(status, new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problem.MediaType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } },
            },
        });
    }
}
