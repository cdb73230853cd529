using System.Net;
using System.Text.Json.Serialization.Metadata;
using NovaId.Pages.Gateway;

namespace NovaId.Accounts.Hydra;

/// <summary>Hydra's questions, and a person's answers to them. Null stands for a question that is answered, over, or was never asked.</summary>
internal sealed class HydraClient(GatewayClient gateway, ServiceTokenSource tokens)
{
    private const string Requests = "svc/hydra/admin/oauth2/auth/requests";

    public Task<ConsentRequest?> GetConsentAsync(HttpContext http, string challenge) =>
        ReadAsync(http, $"{Requests}/consent?consent_challenge={Uri.EscapeDataString(challenge)}", HydraJson.Default.ConsentRequest);

    public Task<string?> AcceptConsentAsync(HttpContext http, string challenge, ConsentAcceptance acceptance) =>
        AnswerAsync(http, $"{Requests}/consent/accept?consent_challenge={Uri.EscapeDataString(challenge)}", acceptance, HydraJson.Default.ConsentAcceptance);

    public Task<string?> RejectConsentAsync(HttpContext http, string challenge, Rejection rejection) =>
        AnswerAsync(http, $"{Requests}/consent/reject?consent_challenge={Uri.EscapeDataString(challenge)}", rejection, HydraJson.Default.Rejection);

    public Task<LogoutQuestion?> GetLogoutAsync(HttpContext http, string challenge) =>
        ReadAsync(http, $"{Requests}/logout?logout_challenge={Uri.EscapeDataString(challenge)}", HydraJson.Default.LogoutQuestion);

    public Task<string?> AcceptLogoutAsync(HttpContext http, string challenge) =>
        AnswerAsync<DeviceAcceptance>(http, $"{Requests}/logout/accept?logout_challenge={Uri.EscapeDataString(challenge)}", null, null);

    public Task RejectLogoutAsync(HttpContext http, string challenge) =>
        SendAsync<DeviceAcceptance>(http, HttpMethod.Put, $"{Requests}/logout/reject?logout_challenge={Uri.EscapeDataString(challenge)}", null, null);

    public Task<string?> AcceptDeviceAsync(HttpContext http, string challenge, string userCode) =>
        AnswerAsync(
            http,
            $"{Requests}/device/accept?device_challenge={Uri.EscapeDataString(challenge)}",
            new DeviceAcceptance(userCode),
            HydraJson.Default.DeviceAcceptance);

    private async Task<T?> ReadAsync<T>(HttpContext http, string path, JsonTypeInfo<T> type)
        where T : class
    {
        var answer = await SendAsync<T>(http, HttpMethod.Get, path, null, null);
        return answer.Status == HttpStatusCode.OK ? answer.Read(type) : null;
    }

    private async Task<string?> AnswerAsync<T>(HttpContext http, string path, T? body, JsonTypeInfo<T>? type)
        where T : class
    {
        var answer = await SendAsync(http, HttpMethod.Put, path, body, type);
        return answer.Status == HttpStatusCode.OK ? answer.Read(HydraJson.Default.Continuation).RedirectTo : null;
    }

    private async Task<GatewayAnswer> SendAsync<T>(HttpContext http, HttpMethod method, string path, T? body, JsonTypeInfo<T>? type)
        where T : class
    {
        for (var last = false; ; last = true)
        {
            using var content = body is null || type is null ? null : JsonContent.Create(body, type);
            var token = await tokens.GetAsync(http);
            var answer = await gateway.SendAsServiceAsync(http, token.Value, method, path, content);
            if (answer.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
            {
                return answer;
            }

            // Revoked, or forgotten by a Hydra that was set up anew. The gateway handed nothing on.
            tokens.Reject(token);
            if (last)
            {
                throw new ServiceUnavailableException(ZoneService.Hydra);
            }
        }
    }
}
