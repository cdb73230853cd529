using System.Text.Json.Serialization;

namespace NovaId.Pages.Gateway;

/// <summary>What Kratos writes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PersonSession))]
[JsonSerializable(typeof(KratosError))]
public sealed partial class KratosJson : JsonSerializerContext;
