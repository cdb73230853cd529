using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using NovaId.Api.Http;
using NovaId.Api.Ranks;

namespace NovaId.Api.Account;

/// <summary>The JSON schema (draft 2020-12) of an export, made from the types that write it.</summary>
internal static class AccountSchema
{
    private static readonly Lazy<string> Made = new(Make);

    public static string Text => Made.Value;

    private static string Make()
    {
        var schema = ApiJson.Default.Options.GetJsonSchemaAsNode(typeof(AccountExport), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Describe,
        }).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "A NovaId account");
        return schema.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>A rank is one of eight names, which the schema cannot find in its converter.</summary>
    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type != typeof(Rank))
        {
            return schema;
        }

        var names = RankNames.HighestFirst.Select(rank => (JsonNode?)rank.ToString());
        return new JsonObject { ["enum"] = new JsonArray([.. context.TypeInfo.Type == typeof(Rank) ? names : names.Append(null)]) };
    }
}
