namespace NovaId.Contract.Drivers;

/// <summary>What the token endpoint gave.</summary>
/// <param name="Access">The access token.</param>
/// <param name="Refresh">The refresh token, where <c>offline_access</c> was granted.</param>
/// <param name="Id">The ID token, where <c>openid</c> was granted.</param>
public sealed record Tokens(string Access, string? Refresh, string? Id)
{
    /// <summary>Nothing, since every member is a secret.</summary>
    public override string ToString() => nameof(Tokens);
}
