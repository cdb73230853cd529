using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NovaId.Emulator.Go;
using static NovaId.Emulator.Keto.KetoModels;

namespace NovaId.Emulator.Keto;

/// <summary>Keto's JSON. It is read as Go reads it: names in any case, unknown members skipped, missing ones empty.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Relationship))]
[JsonSerializable(typeof(Patch[]))]
[JsonSerializable(typeof(BatchCheck))]
[JsonSerializable(typeof(CheckResult))]
[JsonSerializable(typeof(BatchCheckResult))]
[JsonSerializable(typeof(RelationshipPage))]
[JsonSerializable(typeof(NamespaceList))]
[JsonSerializable(typeof(SyntaxCheckResult))]
[JsonSerializable(typeof(HealthStatus))]
[JsonSerializable(typeof(VersionInfo))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class KetoJson : JsonSerializerContext
{
    /// <summary>Reads the first value of a body; what follows it is not looked at, as in Keto.</summary>
    /// <exception cref="JsonException">There is none of that kind.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new JsonException("EOF");
        }

        var reader = new Utf8JsonReader(GoJson.Readable(body));
        return JsonSerializer.Deserialize(ref reader, type);
    }
}
