using System.Text.Json.Serialization;

namespace NovaId.Accounts.Flows;

/// <summary>What Kratos writes about its flows.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(KratosFlow))]
[JsonSerializable(typeof(string))]
internal sealed partial class FlowJson : JsonSerializerContext;
