using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NovaId.Api.Authorization;
using NovaId.Api.Http;
using NovaId.Api.Limits;
using NovaId.Api.Versions;

namespace NovaId.Api.OpenApi;

/// <summary>What each endpoint requires, takes, answers and refuses, read from what it declares.</summary>
internal sealed class OperationTransformer : IOpenApiOperationTransformer
{
    /// <summary>What is required, for programs that read the document.</summary>
    public const string RequiresExtension = "x-novaid-requires";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var method = context.Description.HttpMethod ?? HttpMethods.Get;
        var isRead = HttpMethods.IsGet(method);
        operation.OperationId ??= OperationName.Of(method, context.Description.RelativePath ?? "");
        operation.Responses ??= [];
        DescribeRoute(operation, metadata, context.Document);
        DescribeQuery(operation, metadata);
        DescribeBody(operation, metadata, context.Document);
        if (metadata.OfType<VersionMetadata>().Any())
        {
            DescribeVersion(operation, method, context.Document);
        }

        if (!isRead)
        {
            Refuses(HttpStatusCode.PreconditionFailed, "This has changed in the meantime, or has no version, and If-Match or If-None-Match was sent.");
        }

        foreach (var refusal in metadata.OfType<RefusalMetadata>())
        {
            Refuses(refusal.Status, refusal.Description);
        }

        var requirements = metadata.OfType<Requirement>().ToList();
        if (requirements.Count > 0)
        {
            DescribeRequirements(operation, requirements, isRead, context);
        }
        else
        {
            operation.Security = [];
        }

        if (!metadata.OfType<WithoutLimit>().Any())
        {
            Refuses(HttpStatusCode.TooManyRequests, "There are too many requests of this caller; Retry-After says when to come back.")
                .Headers = Header("Retry-After", "How many seconds to wait.", JsonSchemaType.Integer);
        }

        Refuses(HttpStatusCode.BadRequest, "The request is not well formed.");
        Refuses(HttpStatusCode.InternalServerError, "Something went wrong here.");
        return Task.CompletedTask;

        OpenApiResponse Refuses(HttpStatusCode status, string description) => Refuse(operation, status, description, context.Document);
    }

    private static void DescribeRequirements(
        OpenApiOperation operation, IReadOnlyList<Requirement> requirements, bool isRead, OpenApiOperationTransformerContext context)
    {
        var required = EndpointDeclarations.Describe(requirements, http: null);
        operation.Description = $"Requires {required}. {operation.Description}".TrimEnd();
        (operation.Extensions ??= new Dictionary<string, IOpenApiExtension>())[RequiresExtension] = new JsonNodeExtension(JsonValue.Create(required));
        operation.Security =
        [
            Scheme(DocumentTransformer.SessionToken),
            Scheme(DocumentTransformer.SessionCookie),
            Scheme(DocumentTransformer.OAuth2, isRead ? CallerVerifier.ReadScope : CallerVerifier.WriteScope),
        ];
        var challenge = Header("WWW-Authenticate", "What is wrong with the token, or which scope it lacks (RFC 6750).");
        Refuse(operation, HttpStatusCode.Unauthorized, "Nobody calls, or what they show does not count.", context.Document).Headers = challenge;
        Refuse(operation, HttpStatusCode.Forbidden, $"The caller has not {required}, or the token lacks the scope.", context.Document).Headers = challenge;
        Refuse(operation, HttpStatusCode.ServiceUnavailable, "A service gave no answer; nothing was allowed.", context.Document);

        OpenApiSecurityRequirement Scheme(string name, params List<string> scopes) =>
            new() { [new OpenApiSecuritySchemeReference(name, context.Document)] = scopes };
    }

    private static void DescribeRoute(OpenApiOperation operation, IEnumerable<object> metadata, OpenApiDocument? document)
    {
        foreach (var rule in metadata.OfType<RouteValueRule>())
        {
            if (operation.Parameters?.OfType<OpenApiParameter>().FirstOrDefault(parameter => parameter.Name == rule.Value) is { } parameter)
            {
                parameter.Schema = rule.Schema();
            }

            Refuse(operation, rule.Refusal.Status, rule.Refusal.Detail ?? rule.Refusal.Title, document);
        }
    }

    private static void DescribeQuery(OpenApiOperation operation, IEnumerable<object> metadata)
    {
        foreach (var parameter in metadata.OfType<QueryParameter>())
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Description = parameter.Description,
                Schema = parameter.Schema?.Invoke() ?? new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    private static void DescribeBody(OpenApiOperation operation, IEnumerable<object> metadata, OpenApiDocument? document)
    {
        if (operation.RequestBody is null)
        {
            return;
        }

        var maximum = metadata.OfType<BodyLimit>().LastOrDefault()?.Bytes ?? RequestLimits.MaximumBodySize;
        Refuse(operation, HttpStatusCode.RequestEntityTooLarge, $"The body has more than {maximum} bytes.", document);
        Refuse(operation, HttpStatusCode.UnsupportedMediaType, "The body is not called JSON, or is compressed, or in an unknown charset.", document)
            .Headers = Header("Accept", "What is read.");
    }

    private static void DescribeVersion(OpenApiOperation operation, string method, OpenApiDocument? document)
    {
        const string Version = "The version (RFC 9110, section 8.8.3).";
        foreach (var (status, answer) in operation.Responses!)
        {
            if (status is "200" or "201" && answer is OpenApiResponse { } success)
            {
                success.Headers = Header("ETag", Version, more: success.Headers);
            }
        }

        if (HttpMethods.IsGet(method))
        {
            Add("If-None-Match", "Versions that the caller has read: answered 304 if it is one of them.");
            operation.Responses["304"] = new OpenApiResponse { Description = "It is the version that the caller has read.", Headers = Header("ETag", Version) };
            Refuse(operation, HttpStatusCode.PreconditionFailed, "If-Match was sent, and this has another version.", document);
        }
        else if (!HttpMethods.IsPost(method))
        {
            Add("If-Match", "The version that was changed: answered 412 if it has another in the meantime.");
            Refuse(operation, HttpStatusCode.PreconditionRequired, "If-Match is missing, and the API is set to require it.", document);
        }

        void Add(string name, string description) => (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    private static Dictionary<string, IOpenApiHeader> Header(
        string name, string description, JsonSchemaType type = JsonSchemaType.String, IDictionary<string, IOpenApiHeader>? more = null) => new(more ?? new Dictionary<string, IOpenApiHeader>())
        {
            [name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = type } },
        };

    private static OpenApiResponse Refuse(OpenApiOperation operation, HttpStatusCode status, string description, OpenApiDocument? document)
    {
        var response = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problem.MediaType] = new() { Schema = new OpenApiSchemaReference(nameof(Problem), document) },
            },
        };
        operation.Responses!.TryAdd(((int)status).ToString(CultureInfo.InvariantCulture), response);
        return response;
    }
}
