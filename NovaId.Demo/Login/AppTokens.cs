using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace NovaId.Demo.Login;

/// <summary>What Hydra gave this app for one person.</summary>
/// <param name="Access">Opens the API.</param>
/// <param name="Refresh">Good once, for new ones; null where the person did not grant <c>offline_access</c>.</param>
/// <param name="Id">Says who the person is; opens nothing.</param>
/// <param name="ExpiresAt">When <paramref name="Access"/> ends; null where Hydra did not say.</param>
/// <param name="Scopes">What was granted.</param>
public sealed record AppTokens(string Access, string? Refresh, string? Id, DateTimeOffset? ExpiresAt, IReadOnlyList<string> Scopes)
{
    private const string ExpiresAtName = "expires_at";
    private const string ScopeName = "scope";

    internal static AppTokens? Of(AuthenticationProperties? properties) =>
        properties?.GetTokenValue(OpenIdConnectParameterNames.AccessToken) is { Length: > 0 } access
            ? new AppTokens(
                access,
                properties.GetTokenValue(OpenIdConnectParameterNames.RefreshToken),
                properties.GetTokenValue(OpenIdConnectParameterNames.IdToken),
                DateTimeOffset.TryParse(properties.GetTokenValue(ExpiresAtName), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
                (properties.GetTokenValue(ScopeName) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : null;

    internal void StoreIn(AuthenticationProperties properties) => properties.StoreTokens(
    [
        new() { Name = OpenIdConnectParameterNames.AccessToken, Value = Access },
        new() { Name = OpenIdConnectParameterNames.RefreshToken, Value = Refresh ?? "" },
        new() { Name = OpenIdConnectParameterNames.IdToken, Value = Id ?? "" },
        new() { Name = ExpiresAtName, Value = ExpiresAt?.ToString("o", CultureInfo.InvariantCulture) ?? "" },
        new() { Name = ScopeName, Value = string.Join(' ', Scopes) },
    ]);
}
