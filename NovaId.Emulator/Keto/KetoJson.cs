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
    MaxDepth = GoJson.WritingDepth,
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
    private static readonly GoType Tuple = GoType.Struct(
        "ketoapi.RelationTuple",
        ("namespace", GoType.Text),
        ("object", GoType.Text),
        ("relation", GoType.Text),
        ("subject_id", GoType.Text),
        ("subject_set", GoType.Struct("ketoapi.SubjectSet", ("namespace", GoType.Text), ("object", GoType.Text), ("relation", GoType.Text))));

    private static readonly GoType Patches = GoType.Slice(
        GoType.Struct("ketoapi.PatchDelta", ("action", GoType.TextNamed("ketoapi.PatchAction")), ("relation_tuple", Tuple)), arePointers: true);

    private static readonly GoType Batch = GoType.Struct("check.batchCheckPermissionBody", ("tuples", GoType.Slice(Tuple, arePointers: true)));

    /// <summary>Reads the first value of a body; what follows it is not looked at, as in Keto.</summary>
    /// <exception cref="JsonException">There is none of that kind; the message is Go's.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
    {
        var value = GoJson.Decode(body);
        var variable = typeof(T) == typeof(Relationship) ? Tuple : typeof(T) == typeof(BatchCheck) ? Batch : Patches;
        return variable.Mismatch(value) is { } mismatch ? throw new JsonException(mismatch) : value.Deserialize(type);
    }
}
