using System.Text.Json.Serialization;

namespace NovaId.Accounts.Logout;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LogoutAnswer))]
internal sealed partial class LogoutJson : JsonSerializerContext;
