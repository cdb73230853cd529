using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace NovaId.Api.Authentication;

/// <summary>An id_token whose signature was verified.</summary>
/// <param name="Key">The gateway's key that it was verified with.</param>
/// <param name="NotBefore">When it begins to count.</param>
/// <param name="Expires">When it is over.</param>
/// <param name="Claims">What it says.</param>
internal sealed record VerifiedToken(SecurityKey Key, DateTime NotBefore, DateTime Expires, JsonElement Claims)
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>Whether a time is within that of a token, give or take what two clocks may differ by.</summary>
    public static bool IsWithin(DateTime? notBefore, DateTime? expires, DateTimeOffset time) =>
        notBefore <= time.UtcDateTime + ClockSkew && expires > time.UtcDateTime - ClockSkew;

    public bool CountsAt(DateTimeOffset time) => IsWithin(NotBefore, Expires, time);
}
