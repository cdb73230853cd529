using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Admin.Home;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Officer))]
internal sealed partial class HomeJson : JsonSerializerContext;
