using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Admin.Ranks;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CapabilityMatrix))]
internal sealed partial class RankJson : JsonSerializerContext;
