using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using NovaId.Api.Http;

namespace NovaId.Api.OpenApi;

/// <summary>Documents what an endpoint does not declare otherwise.</summary>
internal static class DescriptionExtensions
{
    /// <summary>A parameter of the query.</summary>
    public static TBuilder WithQuery<TBuilder>(this TBuilder endpoint, string name, string description, Func<OpenApiSchema>? schema = null)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new QueryParameter(name, description, schema));

    /// <summary>The two parameters of a list that comes in pages.</summary>
    public static TBuilder WithPaging<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(
            new QueryParameter("pageSize", $"How many, 1 to {PageRequest.MaximumSize}; else {PageRequest.DefaultSize}.", () => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Minimum = "1",
                Maximum = PageRequest.MaximumSize.ToString(CultureInfo.InvariantCulture),
                Default = JsonValue.Create(PageRequest.DefaultSize),
            }),
            new QueryParameter("pageToken", "The nextPageToken of the page before.", () => new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                MinLength = 1,
                MaxLength = PageRequest.MaximumTokenLength,
                Pattern = PageRequest.TokenPattern,
            }));

    /// <summary>A refusal of the endpoint's own.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, HttpStatusCode status, string description)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RefusalMetadata(status, description));
}
