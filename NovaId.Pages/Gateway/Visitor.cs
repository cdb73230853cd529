using System.Net;
using Microsoft.AspNetCore.Http;

namespace NovaId.Pages.Gateway;

/// <summary>Whoever asks for the page. Kratos is asked once for each request, and only where somebody wants to know.</summary>
/// <param name="gateway">Asks Kratos.</param>
/// <param name="accessor">The request.</param>
public sealed class Visitor(GatewayClient gateway, IHttpContextAccessor accessor)
{
    private const string AssuranceTooLow = "session_aal2_required";

    private Task<SessionAnswer>? _answer;

    /// <summary>The session, where it was asked for and there is one.</summary>
    public PersonSession? Session => _answer is { IsCompletedSuccessfully: true } answer ? answer.Result.Session : null;

    /// <summary>Asks for the session of the cookie that came with the request.</summary>
    /// <returns>The answer.</returns>
    /// <exception cref="ServiceUnavailableException">Kratos does not answer.</exception>
    public Task<SessionAnswer> FindSessionAsync() => _answer ??= AskAsync();

    private async Task<SessionAnswer> AskAsync()
    {
        var http = accessor.HttpContext!;
        if (http.Request.Headers.Cookie.Count == 0)
        {
            return new SessionAnswer(null, NeedsSecondFactor: false);
        }

        var answer = await gateway.SendAsync(http, HttpMethod.Get, ".ory/kratos/public/sessions/whoami");
        return answer.Status switch
        {
            HttpStatusCode.OK when answer.Read(KratosJson.Default.PersonSession) is { Active: true, Identity: not null } session =>
                new SessionAnswer(session, NeedsSecondFactor: false),
            HttpStatusCode.Forbidden => new SessionAnswer(
                null, answer.TryRead(KratosJson.Default.KratosError)?.Error?.Id == AssuranceTooLow),
            HttpStatusCode.TooManyRequests => throw new ServiceUnavailableException(ZoneService.Kratos),
            _ => new SessionAnswer(null, NeedsSecondFactor: false),
        };
    }
}
