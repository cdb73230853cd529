using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Pages.Gateway;

/// <summary>What the API writes when it refuses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ApiProblem))]
public sealed partial class ApiJson : JsonSerializerContext;
