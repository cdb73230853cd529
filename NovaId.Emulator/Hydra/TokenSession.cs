using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>What was granted, to whom, and about whom: the content of a token.</summary>
internal sealed record TokenSession
{
    /// <summary>The grant that all its tokens belong to: they are revoked together.</summary>
    public required string RequestId { get; init; }

    public required string ClientId { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public IReadOnlyList<string> Audience { get; init; } = [];

    /// <summary>The claims that whoever accepted the consent put into the access token.</summary>
    public JsonObject? Extra { get; init; }

    public required IdTokenSession IdToken { get; init; }

    /// <summary>What a person has consented to.</summary>
    public static TokenSession Of(Flow flow, string nonce, string acr, DateTimeOffset now)
    {
        var extra = flow.IdTokenSession?.DeepClone() as JsonObject ?? [];
        extra["sid"] = flow.SessionId;
        return new TokenSession
        {
            RequestId = flow.ConsentRequestId,
            ClientId = flow.Client!.Id,
            Subject = flow.Subject,
            RequestedAt = now,
            Scopes = [.. flow.GrantedScope.Distinct()],
            Audience = [.. flow.GrantedAudience.Distinct()],
            Extra = flow.AccessTokenSession,
            IdToken = new IdTokenSession
            {
                Subject = flow.Subject,
                Audience = [flow.Client.Id],
                Nonce = nonce,
                IssuedAt = now,
                RequestedAt = flow.RequestedAt,
                AuthenticatedAt = flow.AuthenticatedAt,
                Acr = acr,
                Amr = flow.Amr,
                Extra = extra,
            },
        };
    }

    public bool IsOffline => Scopes.Contains("offline") || Scopes.Contains("offline_access");

    public bool IsOpenId => Scopes.Contains("openid");
}
