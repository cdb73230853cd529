using System.Text.Json;
using NovaId.Api.Gateway;

namespace NovaId.Api.Authorization;

/// <summary>How strongly a person showed who they are, and when. It comes from Kratos' session and from nowhere else.</summary>
/// <param name="Level">aal1, or aal2 with a second factor.</param>
/// <param name="AuthenticatedAt">When the last factor was shown.</param>
internal sealed record Assurance(string Level, DateTimeOffset AuthenticatedAt)
{
    /// <summary>One factor.</summary>
    public const string One = "aal1";

    /// <summary>Two factors.</summary>
    public const string Two = "aal2";

    /// <summary>The assurance of a session; null if Kratos does not tell it.</summary>
    public static Assurance? Of(Session session) => Of(session.AuthenticatorAssuranceLevel, session.AuthenticatedAt);

    /// <summary>
    /// What consent recorded in an access token from Kratos' session: <c>acr</c> and <c>auth_time</c>, as in OpenID Connect Core, section 2.
    /// Null if it recorded nothing, or something that cannot be.
    /// </summary>
    /// <param name="ext">The token's <c>ext</c> in Hydra's introspection.</param>
    public static Assurance? Of(JsonElement? ext)
    {
        if (ext is not { ValueKind: JsonValueKind.Object } recorded
            || !recorded.TryGetProperty("acr", out var level)
            || level.ValueKind != JsonValueKind.String
            || !recorded.TryGetProperty("auth_time", out var time)
            || time.ValueKind != JsonValueKind.Number
            || !time.TryGetInt64(out var seconds)
            || seconds < 0
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return null;
        }

        return Of(level.GetString(), DateTimeOffset.FromUnixTimeSeconds(seconds));
    }

    private static Assurance? Of(string? level, DateTimeOffset? authenticatedAt) =>
        level is One or Two && authenticatedAt is { } time ? new Assurance(level, time) : null;
}
