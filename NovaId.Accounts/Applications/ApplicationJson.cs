using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Accounts.Applications;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(MyApplications))]
internal sealed partial class ApplicationJson : JsonSerializerContext;
