using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaId.Accounts.Home;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Account))]
internal sealed partial class AccountJson : JsonSerializerContext;
