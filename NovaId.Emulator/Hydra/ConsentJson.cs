using System.Text.Json.Nodes;

namespace NovaId.Emulator.Hydra;

/// <summary>A consent as Hydra's administration tells it.</summary>
internal static class ConsentJson
{
    /// <summary>What the client asks for, for the consent page.</summary>
    /// <param name="flow">The request.</param>
    /// <param name="challenge">Its challenge; empty where it was answered long ago.</param>
    public static JsonObject OfRequest(Flow flow, string challenge) => new()
    {
        ["challenge"] = challenge,
        ["consent_request_id"] = flow.ConsentRequestId,
        ["requested_scope"] = ClientMetadata.ToArray(flow.RequestedScope),
        ["requested_access_token_audience"] = ClientMetadata.ToArray(flow.RequestedAudience),
        ["skip"] = flow.ConsentSkip,
        ["subject"] = flow.Subject,
        ["oidc_context"] = flow.OpenIdContext?.DeepClone(),
        ["client"] = flow.Client!.ToJson(),
        ["request_url"] = flow.RequestUrl,
        ["login_challenge"] = flow.Id,
        ["login_session_id"] = flow.SessionId,
        ["acr"] = flow.Acr,
        ["amr"] = ClientMetadata.ToArray(flow.Amr),
        ["context"] = flow.Context?.DeepClone(),
    };

    /// <summary>What was consented to.</summary>
    public static JsonObject OfSession(Flow flow) => new()
    {
        ["consent_request_id"] = flow.ConsentRequestId,
        ["grant_scope"] = ClientMetadata.ToArray(flow.GrantedScope),
        ["grant_access_token_audience"] = ClientMetadata.ToArray(flow.GrantedAudience),
        ["session"] = new JsonObject
        {
            ["access_token"] = flow.AccessTokenSession?.DeepClone() ?? new JsonObject(),
            ["id_token"] = flow.IdTokenSession?.DeepClone() ?? new JsonObject(),
        },
        ["remember"] = flow.ConsentRemember,
        ["remember_for"] = flow.ConsentRememberFor,
        ["handled_at"] = flow.ConsentHandledAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["context"] = flow.Context?.DeepClone(),
        ["consent_request"] = OfRequest(flow, challenge: ""),
    };
}
