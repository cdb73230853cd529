using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NovaId.Api.Ranks;

namespace NovaId.Api.OpenApi;

/// <summary>Says of a schema what its type cannot: what a text may be, what a list holds once, and what is left out where there is none.</summary>
internal sealed class SchemaTransformer : IOpenApiSchemaTransformer
{
    /// <summary>Which of <see cref="NamedValues"/> a schema stands for, until the document puts a reference in its place.</summary>
    public const string Name = "novaid-name";

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(Rank))
        {
            // Where it may be null, the reference to it says so.
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. RankNames.HighestFirst.Select(rank => (JsonNode)rank.ToString())];
            schema.Description ??= "A rank.";
        }

        if (context.JsonPropertyInfo?.AttributeProvider is not { } attributes)
        {
            return Task.CompletedTask;
        }

        if (attributes.GetCustomAttributes(typeof(NamedValuesAttribute), inherit: false) is [NamedValuesAttribute values])
        {
            var text = schema.Type?.HasFlag(JsonSchemaType.Array) == true ? (OpenApiSchema)schema.Items! : schema;
            (text.Metadata ??= new Dictionary<string, object>())[Name] = values.Name;
        }

        if (attributes.GetCustomAttributes(typeof(UniqueItemsAttribute), inherit: false).Length > 0)
        {
            schema.UniqueItems = true;
        }

        if (attributes.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }])
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        if (attributes.GetCustomAttributes(typeof(PrimaryMessageAttribute), inherit: false).Length > 0)
        {
            (schema.Extensions ??= new Dictionary<string, IOpenApiExtension>())["x-ms-primary-error-message"] = new JsonNodeExtension(JsonValue.Create(true));
        }

        return Task.CompletedTask;
    }
}
