using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NovaId.Api.Ranks;

namespace NovaId.Api.OpenApi;

/// <summary>A rank is one of eight names, which the schema cannot find in its converter.</summary>
internal sealed class SchemaTransformer : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(Rank))
        {
            schema.Type = type == typeof(Rank) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Enum = [.. RankNames.HighestFirst.Select(rank => (JsonNode)rank.ToString())];
        }

        return Task.CompletedTask;
    }
}
