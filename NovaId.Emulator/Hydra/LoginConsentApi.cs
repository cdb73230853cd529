using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>What the login page and the consent page tell Hydra: /admin/oauth2/auth/requests.</summary>
internal sealed class LoginConsentApi(FlowStore flows, TimeProvider time)
{
    private const string Login = "/admin/oauth2/auth/requests/login";
    private const string Consent = "/admin/oauth2/auth/requests/consent";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapApi(HttpMethods.Get, Login, GetLoginAsync);
        endpoints.MapApi(HttpMethods.Put, Login + "/accept", AcceptLoginAsync);
        endpoints.MapApi(HttpMethods.Put, Login + "/reject", RejectLoginAsync);
        endpoints.MapApi(HttpMethods.Get, Consent, GetConsentAsync);
        endpoints.MapApi(HttpMethods.Put, Consent + "/accept", AcceptConsentAsync);
        endpoints.MapApi(HttpMethods.Put, Consent + "/reject", RejectConsentAsync);
    }

    private Task GetLoginAsync(HttpContext http)
    {
        var challenge = Challenge(http, "login_challenge");
        var flow = flows.GetByChallenge(FlowPurpose.LoginChallenge, challenge);
        return http.WriteJsonAsync(new JsonObject
        {
            ["challenge"] = challenge,
            ["requested_scope"] = ClientMetadata.ToArray(flow.RequestedScope),
            ["requested_access_token_audience"] = ClientMetadata.ToArray(flow.RequestedAudience),
            ["skip"] = flow.LoginSkip,
            ["subject"] = flow.Subject,
            ["oidc_context"] = flow.OpenIdContext?.DeepClone(),
            ["client"] = flow.Client!.ToJson(),
            ["request_url"] = flow.RequestUrl,
            ["session_id"] = flow.SessionId,
        });
    }

    private async Task AcceptLoginAsync(HttpContext http)
    {
        var challenge = Challenge(http, "login_challenge");
        var accept = await http.ReadBodyAsync<Func<Flow, Flow>>(
            body =>
            {
                var (subject, remember, rememberFor) = (body.Text("subject"), body.Flag("remember"), body.Integer("remember_for"));
                var (extend, acr, amr) = (body.Flag("extend_session_lifespan"), body.Text("acr"), body.Texts("amr") ?? []);
                var (context, provider) = (body.Any("context"), body.Text("identity_provider_session_id"));
                return flow => flow with
                {
                    Subject = subject,
                    IdentityProviderSessionId = provider,
                    LoginRemember = remember || flow.LoginSkip,
                    LoginRememberFor = rememberFor,
                    ExtendSessionLifespan = extend,
                    Acr = acr,
                    Amr = amr,
                    Context = context,
                };
            },
            Undecodable);
        var current = flows.GetByChallenge(FlowPurpose.LoginChallenge, challenge);
        var accepted = accept(current);
        if (accepted.Subject.Length == 0)
        {
            throw OAuth2Error.InvalidRequest.With("Field 'subject' must not be empty.");
        }

        // Somebody else than the one remembered by the browser: that login must be made anew.
        if (current.Subject.Length > 0 && current.Subject != accepted.Subject)
        {
            await WriteRedirectAsync(http, Urls.SetQuery(current.RequestUrl, new KeyValuePair<string, string>("prompt", "login")));
            return;
        }

        await ContinueAsync(
            http,
            "login_verifier",
            FlowPurpose.LoginVerifier,
            current.LoginSkip ? accepted : accepted with { AuthenticatedAt = Now() });
    }

    private async Task RejectLoginAsync(HttpContext http)
    {
        var challenge = Challenge(http, "login_challenge");
        var denied = await http.ReadBodyAsync(body => DeniedRequest.Read(body, "login request denied"), Undecodable);
        var flow = flows.GetByChallenge(FlowPurpose.LoginChallenge, challenge);
        await ContinueAsync(http, "login_verifier", FlowPurpose.LoginVerifier, flow with { LoginError = denied });
    }

    private Task GetConsentAsync(HttpContext http)
    {
        var challenge = Challenge(http, "consent_challenge");
        var flow = flows.GetByChallenge(FlowPurpose.ConsentChallenge, challenge);
        return http.WriteJsonAsync(ConsentJson.OfRequest(flow, challenge));
    }

    private async Task AcceptConsentAsync(HttpContext http)
    {
        var challenge = Challenge(http, "consent_challenge");
        var accept = await http.ReadBodyAsync<Func<Flow, Flow>>(
            body =>
            {
                var (scope, audience) = (body.Texts("grant_scope") ?? [], body.Texts("grant_access_token_audience") ?? []);
                var (remember, rememberFor) = (body.Flag("remember"), body.Integer("remember_for"));
                var (session, context) = (body.Object("session"), body.Any("context"));
                return flow => flow with
                {
                    GrantedScope = scope,
                    GrantedAudience = audience,
                    ConsentHandledAt = Now(),
                    ConsentRemember = remember,
                    ConsentRememberFor = rememberFor,
                    AccessTokenSession = session?["access_token"] as JsonObject,
                    IdTokenSession = session?["id_token"] as JsonObject,
                    Context = context ?? flow.Context,
                };
            },
            _ => OAuth2Error.Unrecognizable with { Status = StatusCodes.Status400BadRequest });
        await ContinueAsync(
            http,
            "consent_verifier",
            FlowPurpose.ConsentVerifier,
            accept(flows.GetByChallenge(FlowPurpose.ConsentChallenge, challenge)));
    }

    private async Task RejectConsentAsync(HttpContext http)
    {
        var challenge = Challenge(http, "consent_challenge");
        var denied = await http.ReadBodyAsync(
            body => DeniedRequest.Read(body, "consent request denied"),
            _ => OAuth2Error.Unrecognizable with { Status = StatusCodes.Status400BadRequest });
        var flow = flows.GetByChallenge(FlowPurpose.ConsentChallenge, challenge);
        await ContinueAsync(http, "consent_verifier", FlowPurpose.ConsentVerifier, flow with { ConsentError = denied });
    }

    /// <summary>Sends the browser back to the request it came with, with a verifier of what was decided.</summary>
    private Task ContinueAsync(HttpContext http, string parameter, FlowPurpose purpose, Flow flow) =>
        WriteRedirectAsync(http, Urls.SetQuery(flow.RequestUrl, KeyValuePair.Create(parameter, flows.Add(purpose, flow))));

    private static Task WriteRedirectAsync(HttpContext http, string address) =>
        http.WriteJsonAsync(new JsonObject { ["redirect_to"] = address });

    private static string Challenge(HttpContext http, string parameter)
    {
        var query = http.Request.Query;
        var challenge = query[parameter].ToString() is { Length: > 0 } own ? own : query["challenge"].ToString();
        return challenge.Length > 0
            ? challenge
            : throw OAuth2Error.InvalidRequest.With("Query parameter 'challenge' is not defined but should have been.");
    }

    private static OAuth2Error Undecodable(string problem) =>
        OAuth2Error.InvalidRequest with { Hint = $"Unable to decode body because: {problem}" };

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
}
