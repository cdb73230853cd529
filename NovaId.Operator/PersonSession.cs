using System.Text.Json.Nodes;

namespace NovaId.Operator;

/// <summary>A session of a person (<see href="https://www.ory.com/docs/kratos/session-management/overview"/>).</summary>
/// <param name="Id">The id of the session, which proves nothing.</param>
/// <param name="IsActive">Whether it is still good.</param>
/// <param name="AuthenticatedAt">When the person logged in.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="AssuranceLevel"><c>aal1</c>, or <c>aal2</c> with a second factor.</param>
/// <param name="Device">The browser or program, as it names itself; null if it does not.</param>
public sealed record PersonSession(
    string Id, bool IsActive, DateTimeOffset? AuthenticatedAt, DateTimeOffset? ExpiresAt, string? AssuranceLevel, string? Device)
{
    internal static PersonSession Parse(JsonNode session) => new(
        session["id"]!.GetValue<string>(),
        session["active"]?.GetValue<bool>() is true,
        session["authenticated_at"]?.GetValue<DateTimeOffset>(),
        session["expires_at"]?.GetValue<DateTimeOffset>(),
        session["authenticator_assurance_level"]?.GetValue<string>(),
        (session["devices"] as JsonArray)?.FirstOrDefault()?["user_agent"]?.GetValue<string>() is { Length: > 0 } device ? device : null);
}
