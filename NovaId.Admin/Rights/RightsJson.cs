using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Admin.Rights;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CheckQuestions))]
[JsonSerializable(typeof(CheckAnswers))]
internal sealed partial class RightsJson : JsonSerializerContext;
