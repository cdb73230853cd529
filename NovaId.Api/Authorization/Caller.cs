using Microsoft.AspNetCore.Http.Features;
using NovaId.Api.Authentication;
using NovaId.Api.Gateway;
using NovaId.Api.Ranks;

namespace NovaId.Api.Authorization;

/// <summary>Who calls, verified for this request. A handler takes it as a parameter.</summary>
internal sealed record Caller
{
    public required CallerSubject Subject { get; init; }

    public required IdToken Token { get; init; }

    /// <summary>The person's identity; null for a client.</summary>
    public required Identity? Identity { get; init; }

    public required Rank? Rank { get; init; }

    /// <summary>What the access token may be used for; empty for a session, which has no such limits.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    public static ValueTask<Caller?> BindAsync(HttpContext httpContext) => new(httpContext.Features.GetRequiredFeature<Caller>());
}
