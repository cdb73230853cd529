using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Admin.Keys;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(OwnedKeys))]
internal sealed partial class KeyJson : JsonSerializerContext;
