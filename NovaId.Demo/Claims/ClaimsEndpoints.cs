using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using NovaId.Demo.Calls;
using NovaId.Demo.Login;
using NovaId.Pages.Http;

namespace NovaId.Demo.Claims;

/// <summary>What NovaId says of the person: in the id_token, and when it is asked (OpenID Connect Core, sections 2 and 5.3).</summary>
internal static class ClaimsEndpoints
{
    public const string Path = "/claims";

    public static void MapClaims(this IEndpointRouteBuilder pages) => pages.MapGet(Path, ShowAsync).RequireLogin();

    private static async Task<IResult> ShowAsync(HttpContext http, AppSession session, CallClient client)
    {
        var outcome = await client.SendAsync(http, ApiCall.UserInfo, CallForm.Empty);
        var asked = outcome.Status == HttpStatusCode.OK && outcome.Json is { ValueKind: JsonValueKind.Object } known ? Read(known) : null;
        return Page.Show<ClaimsPage, ClaimsModel>(new ClaimsModel(OfToken(session.Tokens!.Id), asked, outcome), outcome.PageStatus);
    }

    /// <summary>The library verified it when it came, and nobody outside could change it in the sealed cookie since.</summary>
    private static IReadOnlyList<KeyValuePair<string, string>> OfToken(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return [];
        }

        using var payload = JsonDocument.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(new JsonWebToken(token).EncodedPayload));
        return Read(payload.RootElement);
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Read(JsonElement claims) =>
        [.. claims.EnumerateObject().Select(claim => KeyValuePair.Create(claim.Name, claim.Value.ValueKind == JsonValueKind.String ? claim.Value.ToString() : claim.Value.GetRawText()))];
}
