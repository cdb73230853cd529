using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Admin.Log;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LogEntries))]
[JsonSerializable(typeof(LogStatistics))]
[JsonSerializable(typeof(LogVerification))]
internal sealed partial class LogJson : JsonSerializerContext;
