using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Admin.Why;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WhyAnswer))]
internal sealed partial class WhyJson : JsonSerializerContext;
