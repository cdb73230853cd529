using System.Text.Json.Serialization;

namespace NovaId.Accounts.Hydra;

/// <summary>What Hydra reads and writes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(ConsentRequest))]
[JsonSerializable(typeof(ConsentAcceptance))]
[JsonSerializable(typeof(Rejection))]
[JsonSerializable(typeof(Continuation))]
[JsonSerializable(typeof(LogoutQuestion))]
[JsonSerializable(typeof(DeviceAcceptance))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class HydraJson : JsonSerializerContext;
