using NovaId.Api.OpenApi;

namespace NovaId.Api.AccessLog;

/// <summary>A row of the access log as it is listed.</summary>
/// <param name="Id">The row's number; newer rows have higher ones.</param>
/// <param name="Time">When the request came.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, without query.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Authentication">session, oauth2, or null where nobody was recognised.</param>
/// <param name="Subject">The subject in Keto: a person's id, or client: and a client's.</param>
/// <param name="ClientId">The OAuth2 client.</param>
/// <param name="Rank">The caller's rank.</param>
/// <param name="Required">What was required.</param>
/// <param name="Allowed">Whether it was allowed.</param>
/// <param name="Reason">Why.</param>
/// <param name="TraceId">Finds the request in traces and logs.</param>
internal sealed record AccessLogEntry(
    long Id,
    DateTimeOffset Time,
    string Method,
    string Path,
    int Status,
    double Milliseconds,
    [property: NamedValues(NamedValues.AuthenticationMethod)] string? Authentication,
    string? Subject,
    string? ClientId,
    string? Rank,
    string Required,
    bool Allowed,
    string Reason,
    string TraceId);
