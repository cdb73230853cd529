using System.Text.Json.Serialization;

namespace NovaId.Accounts.Flows;

/// <summary>What Kratos writes about its flows.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(KratosFlow))]
internal sealed partial class FlowJson : JsonSerializerContext;
