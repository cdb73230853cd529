using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Api.Ranks;

/// <summary>A rank as its name, exactly; the general enum converter would take numbers and any spelling.</summary>
internal sealed class RankJsonConverter : JsonConverter<Rank>
{
    public override Rank Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && RankNames.TryParse(reader.GetString(), out var rank)
            ? rank
            : throw new JsonException("No such rank.");

    public override void Write(Utf8JsonWriter writer, Rank value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
