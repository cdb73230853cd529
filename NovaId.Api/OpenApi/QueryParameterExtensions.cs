using NovaId.Api.Http;

namespace NovaId.Api.OpenApi;

/// <summary>Documents the query of an endpoint.</summary>
internal static class QueryParameterExtensions
{
    public static TBuilder WithQuery<TBuilder>(this TBuilder endpoint, string name, string description)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new QueryParameter(name, description));

    public static TBuilder WithPaging<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(
            new QueryParameter("pageSize", $"How many, 1 to {PageRequest.MaximumSize}; else {PageRequest.DefaultSize}.", IsNumber: true),
            new QueryParameter("pageToken", "The nextPageToken of the page before."));
}
