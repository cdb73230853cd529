using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Accounts.Keys;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ApiKey))]
[JsonSerializable(typeof(ApiKeys))]
[JsonSerializable(typeof(NewKey))]
[JsonSerializable(typeof(MyPermissions))]
internal sealed partial class KeyJson : JsonSerializerContext;
