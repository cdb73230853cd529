using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>Login and consent requests, for the pages that decide them (/admin/oauth2/auth/requests/…).</summary>
internal sealed class AdminChallengeEndpoints(FlowStore flows, TimeProvider time)
{
    private const string Path = "/admin/oauth2/auth/requests";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet($"{Path}/login", GetLoginAsync);
        endpoints.MapPut($"{Path}/login/accept", AcceptLoginAsync);
        endpoints.MapPut($"{Path}/login/reject", RejectLoginAsync);
        endpoints.MapGet($"{Path}/consent", GetConsentAsync);
        endpoints.MapPut($"{Path}/consent/accept", AcceptConsentAsync);
        endpoints.MapPut($"{Path}/consent/reject", RejectConsentAsync);
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
            ["oidc_context"] = flow.OpenIdContext.DeepClone(),
            ["client"] = flow.Client.ToJson(),
            ["request_url"] = flow.RequestUrl,
            ["session_id"] = flow.SessionId,
        });
    }

    private async Task AcceptLoginAsync(HttpContext http)
    {
        var challenge = Challenge(http, "login_challenge");
        var body = await ReadAsync(http);
        var subject = body.Text("subject");
        if (subject.Length == 0)
        {
            throw OAuth2Error.InvalidRequest.With("Field 'subject' must not be empty.");
        }

        if (body.Text("force_subject_identifier").Length > 0)
        {
            throw OAuth2Error.NotImplemented("force_subject_identifier").AsException();
        }

        var flow = flows.GetByChallenge(FlowPurpose.LoginChallenge, challenge);
        if (flow.Subject.Length > 0 && flow.Subject != subject)
        {
            // The remembered login is somebody else's: the person has to log in again.
            await http.WriteJsonAsync(Redirect(Urls.SetQuery(flow.RequestUrl, new KeyValuePair<string, string>("prompt", "login"))));
            return;
        }

        var accepted = flow with
        {
            Subject = subject,
            AuthenticatedAt = flow.LoginSkip ? flow.AuthenticatedAt : DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds()),
            LoginRemember = flow.LoginSkip || body.Flag("remember"),
            LoginRememberFor = body.Integer("remember_for"),
            ExtendSessionLifespan = body.Flag("extend_session_lifespan"),
            Acr = body.Text("acr"),
            Amr = body.Texts("amr") ?? [],
            Context = body.Any("context"),
        };
        await WriteVerifierAsync(http, FlowPurpose.LoginVerifier, "login_verifier", accepted);
    }

    private async Task RejectLoginAsync(HttpContext http)
    {
        var flow = flows.GetByChallenge(FlowPurpose.LoginChallenge, Challenge(http, "login_challenge"));
        var denied = DeniedRequest.Read(await ReadAsync(http), "login_denied");
        await WriteVerifierAsync(http, FlowPurpose.LoginVerifier, "login_verifier", flow with { LoginError = denied });
    }

    private Task GetConsentAsync(HttpContext http)
    {
        var challenge = Challenge(http, "consent_challenge");
        var flow = flows.GetByChallenge(FlowPurpose.ConsentChallenge, challenge);
        var answer = new JsonObject
        {
            ["challenge"] = challenge,
            ["consent_request_id"] = flow.ConsentRequestId,
            ["requested_scope"] = ClientMetadata.ToArray(flow.RequestedScope),
            ["requested_access_token_audience"] = ClientMetadata.ToArray(flow.RequestedAudience),
            ["skip"] = flow.ConsentSkip,
            ["subject"] = flow.Subject,
            ["oidc_context"] = flow.OpenIdContext.DeepClone(),
            ["client"] = flow.Client.ToJson(),
            ["request_url"] = flow.RequestUrl,
            ["login_challenge"] = flow.Id,
            ["login_session_id"] = flow.SessionId,
            ["acr"] = flow.Acr,
            ["amr"] = ClientMetadata.ToArray(flow.Amr),
        };
        if (flow.Context is not null)
        {
            answer["context"] = flow.Context.DeepClone();
        }

        return http.WriteJsonAsync(answer);
    }

    private async Task AcceptConsentAsync(HttpContext http)
    {
        var challenge = Challenge(http, "consent_challenge");
        var body = await ReadAsync(http);
        var flow = flows.GetByChallenge(FlowPurpose.ConsentChallenge, challenge);
        var session = body.Object("session");
        var accepted = flow with
        {
            GrantedScope = body.Texts("grant_scope") ?? [],
            GrantedAudience = body.Texts("grant_access_token_audience") ?? [],
            ConsentRemember = body.Flag("remember"),
            ConsentRememberFor = body.Integer("remember_for"),
            AccessTokenSession = session?["access_token"]?.DeepClone() as JsonObject,
            IdTokenSession = session?["id_token"]?.DeepClone() as JsonObject,
        };
        await WriteVerifierAsync(http, FlowPurpose.ConsentVerifier, "consent_verifier", accepted);
    }

    private async Task RejectConsentAsync(HttpContext http)
    {
        var flow = flows.GetByChallenge(FlowPurpose.ConsentChallenge, Challenge(http, "consent_challenge"));
        var denied = DeniedRequest.Read(await ReadAsync(http), "consent_denied");
        await WriteVerifierAsync(http, FlowPurpose.ConsentVerifier, "consent_verifier", flow with { ConsentError = denied });
    }

    private Task WriteVerifierAsync(HttpContext http, FlowPurpose purpose, string parameter, Flow flow) =>
        http.WriteJsonAsync(Redirect(Urls.SetQuery(flow.RequestUrl, new KeyValuePair<string, string>(parameter, flows.Add(purpose, flow)))));

    private static JsonObject Redirect(string address) => new() { ["redirect_to"] = address };

    private static string Challenge(HttpContext http, string name)
    {
        var query = http.Request.Query;
        var challenge = query[name].ToString() is { Length: > 0 } value ? value : query["challenge"].ToString();
        return challenge.Length > 0 ? challenge : throw OAuth2Error.InvalidRequest.With("Query parameter 'challenge' is not defined but should have been.");
    }

    private static async Task<JsonReader> ReadAsync(HttpContext http)
    {
        try
        {
            return await JsonReader.ReadAsync(http.Request);
        }
        catch (JsonException exception)
        {
            throw OAuth2Error.InvalidRequest.With($"Unable to decode body because: {exception.Message}");
        }
    }
}
