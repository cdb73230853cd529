using System.Text.Json.Serialization;
using NovaId.Api.AccessLog;
using NovaId.Api.Account;
using NovaId.Api.Checks;
using NovaId.Api.Documents;
using NovaId.Api.Explanations;
using NovaId.Api.Keys;
using NovaId.Api.Me;
using NovaId.Api.Public;
using NovaId.Api.Ranks;
using NovaId.Api.Users;

namespace NovaId.Api.Http;

/// <summary>The API's own wire format. How strictly bodies are read is said in <see cref="HttpExtensions"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(PublicResponse))]
[JsonSerializable(typeof(MeResponse))]
[JsonSerializable(typeof(MyPermissions))]
[JsonSerializable(typeof(MySessions))]
[JsonSerializable(typeof(MyApps))]
[JsonSerializable(typeof(AccountExport))]
[JsonSerializable(typeof(UserRecovery))]
[JsonSerializable(typeof(CheckRequest))]
[JsonSerializable(typeof(CheckResponse))]
[JsonSerializable(typeof(RankList))]
[JsonSerializable(typeof(Page<User>))]
[JsonSerializable(typeof(UserWithRank))]
[JsonSerializable(typeof(Page<UserWithRank>))]
[JsonSerializable(typeof(UserAccess))]
[JsonSerializable(typeof(RankChange))]
[JsonSerializable(typeof(UserRank))]
[JsonSerializable(typeof(UserChange))]
[JsonSerializable(typeof(DocumentContent))]
[JsonSerializable(typeof(Document))]
[JsonSerializable(typeof(Page<DocumentSummary>))]
[JsonSerializable(typeof(Sharing))]
[JsonSerializable(typeof(ApiKeyRequest))]
[JsonSerializable(typeof(CreatedApiKey))]
[JsonSerializable(typeof(Page<ApiKey>))]
[JsonSerializable(typeof(Page<OwnedApiKey>))]
[JsonSerializable(typeof(CapabilityList))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(Page<AccessLogEntry>))]
[JsonSerializable(typeof(AccessLogStatistics))]
[JsonSerializable(typeof(LogVerification))]
// What the path and the query hold, for the OpenAPI document.
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
internal sealed partial class ApiJson : JsonSerializerContext;
