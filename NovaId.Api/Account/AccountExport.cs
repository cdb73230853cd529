using System.Text.Json.Serialization;
using NovaId.Api.AccessLog;
using NovaId.Api.Documents;
using NovaId.Api.Keys;
using NovaId.Api.Ranks;

namespace NovaId.Api.Account;

/// <summary>Everything that NovaId holds about a person, without secrets.</summary>
/// <param name="Schema">Where this document's schema is.</param>
/// <param name="ExportedAt">When it was put together.</param>
/// <param name="Person">Who they are.</param>
/// <param name="Rank">Their rank.</param>
/// <param name="Relations">What Keto keeps about them: ranks, granted capabilities, what they own and what others share with them.</param>
/// <param name="Sessions">Where they are logged in.</param>
/// <param name="Apps">The apps that they let in.</param>
/// <param name="ApiKeys">Their API keys.</param>
/// <param name="Documents">The documents that they or their API keys own, the newest first.</param>
/// <param name="AccessLog">The decisions about them and their API keys, the newest first.</param>
internal sealed record AccountExport(
    [property: JsonPropertyName("$schema")] string Schema,
    DateTimeOffset ExportedAt,
    ExportedPerson Person,
    Rank? Rank,
    IReadOnlyList<ExportedRelation> Relations,
    IReadOnlyList<MySession> Sessions,
    IReadOnlyList<MyApp> Apps,
    IReadOnlyList<ApiKey> ApiKeys,
    IAsyncEnumerable<Document> Documents,
    IAsyncEnumerable<AccessLogEntry> AccessLog);
