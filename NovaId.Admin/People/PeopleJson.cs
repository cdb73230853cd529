using System.Text.Json;
using System.Text.Json.Serialization;
using NovaId.Admin.Keys;

namespace NovaId.Admin.People;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PeopleList))]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(PersonAccess))]
[JsonSerializable(typeof(RankChange))]
[JsonSerializable(typeof(StateChange))]
[JsonSerializable(typeof(RecoveryCode))]
[JsonSerializable(typeof(OwnedKeys))]
internal sealed partial class PeopleJson : JsonSerializerContext;
