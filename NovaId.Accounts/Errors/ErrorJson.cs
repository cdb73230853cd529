using System.Text.Json.Serialization;

namespace NovaId.Accounts.Errors;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FlowError))]
internal sealed partial class ErrorJson : JsonSerializerContext;
