using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Accounts.Sessions;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(MySessions))]
internal sealed partial class SessionJson : JsonSerializerContext;
