using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace NovaId.Api.OpenApi;

/// <summary>The last touches to the schemas of a document, for which all of it must be there.</summary>
internal static class SchemaComponents
{
    public static void Complete(OpenApiDocument document)
    {
        foreach (var schema in document.Components!.Schemas!.Values.OfType<OpenApiSchema>().ToList())
        {
            foreach (var (name, property) in schema.Properties?.ToList() ?? [])
            {
                schema.Properties![name] = Named(document, property);
            }
        }

        var taken = Taken(document);
        foreach (var (name, schema) in document.Components.Schemas)
        {
            // What is not known is refused where it is sent, and may come with a later version where it is received.
            if (schema is OpenApiSchema own && !taken.Contains(name))
            {
                own.AdditionalPropertiesAllowed = true;
            }
        }
    }

    /// <summary>Puts a reference in the place of every list of values that has a name.</summary>
    private static IOpenApiSchema Named(OpenApiDocument document, IOpenApiSchema schema)
    {
        if (schema is not OpenApiSchema own)
        {
            return schema;
        }

        if (own.Metadata?.TryGetValue(SchemaTransformer.Name, out var name) == true)
        {
            var component = (string)name;
            document.Components!.Schemas!.TryAdd(component, new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [.. NamedValues.All[component].Select(value => (JsonNode)value)],
            });
            var reference = new OpenApiSchemaReference(component, document) { Description = own.Description };
            return own.Type?.HasFlag(JsonSchemaType.Null) == true
                ? new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, reference] }
                : reference;
        }

        if (own.Items is { } items)
        {
            own.Items = Named(document, items);
        }

        return own;
    }

    /// <summary>The names of the schemas that bodies of requests are made of.</summary>
    private static HashSet<string> Taken(OpenApiDocument document)
    {
        var taken = new HashSet<string>();
        var bodies = document.Paths.Values.SelectMany(path => path.Operations ?? []).Select(operation => operation.Value.RequestBody).OfType<IOpenApiRequestBody>();
        foreach (var schema in bodies.SelectMany(body => body.Content?.Values ?? []).Select(media => media.Schema))
        {
            Visit(schema);
        }

        return taken;

        void Visit(IOpenApiSchema? schema)
        {
            if (schema is OpenApiSchemaReference { Reference.Id: { } id } && !taken.Add(id))
            {
                return;
            }

            foreach (var part in (schema?.Properties?.Values ?? []).Concat(schema?.OneOf ?? []).Concat(schema?.AnyOf ?? []).Append(schema?.Items))
            {
                if (part is not null)
                {
                    Visit(part);
                }
            }
        }
    }
}
