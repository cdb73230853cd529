using System.Net;
using NovaId.Pages.Gateway;

namespace NovaId.Accounts.Enter;

/// <summary>
/// Tells the gateway whether the cookie of a visitor of the office is a session (<c>cookie_session</c> of the rule <c>admin</c> in
/// <c>access-rules.yml</c>). Kratos decides; here it gets a time limit, because Oathkeeper waits for an answer without end. No rule leads
/// here from outside.
/// </summary>
internal static class SessionCheckEndpoints
{
    /// <summary>How long Kratos has. The gateway then sends a browser to <see cref="EnterEndpoints"/>, which gives Kratos as long again, so
    /// that a page says within three seconds that Kratos does not answer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1.4);

    private const string Path = "/sessions/whoami";

    public static void MapSessionCheck(this IEndpointRouteBuilder pages) => pages.MapGet(Path, AnswerAsync);

    private static async Task<IResult> AnswerAsync(HttpContext http, GatewayClient gateway)
    {
        GatewayClient.Allow(http, Limit);
        try
        {
            var answer = await gateway.SendAsync(http, HttpMethod.Get, ".ory/kratos/public/sessions/whoami");
            return answer.Status == HttpStatusCode.OK ? Results.Bytes(answer.Body.ToArray(), answer.MediaType) : Refuse((int)answer.Status);
        }
        catch (ServiceUnavailableException)
        {
            return Refuse(StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>For a program: no page. Whatever is not 200 or 429 is a refusal to the gateway.</summary>
    private static IResult Refuse(int status) => Results.Text("", "text/plain", statusCode: status);
}
