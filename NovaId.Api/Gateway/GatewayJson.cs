using System.Text.Json.Serialization;

namespace NovaId.Api.Gateway;

/// <summary>
/// The shapes of Ory's APIs. Members that are not known are passed over, as their APIs grow; one that is needed and missing, null, twice
/// there or of another type is an error.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 32)]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(JsonWebKeySet))]
[JsonSerializable(typeof(Identity))]
[JsonSerializable(typeof(Identity[]))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(Session[]))]
[JsonSerializable(typeof(MetadataPatch[]))]
[JsonSerializable(typeof(RecoveryCodeRequest))]
[JsonSerializable(typeof(RecoveryCode))]
[JsonSerializable(typeof(ConsentSession[]))]
[JsonSerializable(typeof(JsonPatchOperation[]))]
[JsonSerializable(typeof(BatchCheckRequest))]
[JsonSerializable(typeof(BatchCheckResponse))]
[JsonSerializable(typeof(RelationTupleList))]
[JsonSerializable(typeof(RelationTupleDelta[]))]
[JsonSerializable(typeof(Introspection))]
[JsonSerializable(typeof(OAuth2Client))]
[JsonSerializable(typeof(OAuth2Client[]))]
internal sealed partial class GatewayJson : JsonSerializerContext;
