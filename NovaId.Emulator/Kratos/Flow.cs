using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace NovaId.Emulator.Kratos;

/// <summary>One run of a self-service flow. What is kept is never changed: a request works on a copy and puts it back.</summary>
internal sealed class Flow(FlowKind kind, bool browser, UiContainer ui)
{
    public required Guid Id { get; init; }

    public FlowKind Kind => kind;

    /// <summary>A flow for browsers, which carry cookies, or else one for programs, which must not.</summary>
    public bool IsBrowser => browser;

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public required string RequestUrl { get; set; }

    /// <summary>The masked token of the browser that started the flow; nobody else may read the flow.</summary>
    public required string CsrfToken { get; set; }

    public string? Active { get; set; }

    public required string State { get; set; }

    public bool Refresh { get; set; }

    public string RequestedAal { get; set; } = Session.Aal1;

    public string? LoginChallenge { get; set; }

    /// <summary>Whether any browser may go on with the flow, because somebody else began it for its owner.</summary>
    public bool SkipsCsrfCheck { get; set; }

    /// <summary>The flow with what its submission wants handed on to the hooks.</summary>
    public JsonObject ToJson(Submission submission, JsonNode? loginRequest = null)
    {
        var json = ToJson(loginRequest);
        json["transient_payload"] = submission.TransientPayload();
        return json;
    }

    /// <summary>The session behind a verification that follows a registration or a login.</summary>
    public Guid? SessionId { get; set; }

    public string? IdentitySchema { get; set; }

    /// <summary>Whose settings these are.</summary>
    public Guid IdentityId { get; set; }

    public UiContainer Ui { get; set; } = ui;

    /// <summary>What strategies keep with the flow and show nobody, by their names.</summary>
    public ImmutableDictionary<string, object> Context { get; set; } = ImmutableDictionary<string, object>.Empty;

    public string? ReturnTo => Addresses.QueryValue(RequestUrl, "return_to");

    public Flow Copy() => new(kind, browser, Ui.Copy())
    {
        Id = Id,
        IssuedAt = IssuedAt,
        ExpiresAt = ExpiresAt,
        UpdatedAt = UpdatedAt,
        RequestUrl = RequestUrl,
        CsrfToken = CsrfToken,
        Active = Active,
        State = State,
        Refresh = Refresh,
        RequestedAal = RequestedAal,
        LoginChallenge = LoginChallenge,
        SkipsCsrfCheck = SkipsCsrfCheck,
        SessionId = SessionId,
        IdentitySchema = IdentitySchema,
        IdentityId = IdentityId,
        Context = Context,
    };

    public JsonObject ToJson(JsonNode? loginRequest = null, JsonObject? identity = null)
    {
        var json = new JsonObject { ["id"] = Id.ToString() };
        if (kind is FlowKind.Login or FlowKind.Registration)
        {
            json["organization_id"] = null;
            Add("oauth2_login_challenge", LoginChallenge);
            if (loginRequest is not null)
            {
                json["oauth2_login_request"] = loginRequest.DeepClone();
            }
        }

        json["type"] = browser ? "browser" : "api";
        json["expires_at"] = KratosJson.Time(ExpiresAt);
        json["issued_at"] = KratosJson.Time(IssuedAt);
        json["request_url"] = RequestUrl;
        Add("return_to", ReturnTo);
        Add("active", Active);
        json["ui"] = Ui.ToJson();
        if (kind == FlowKind.Login)
        {
            json["created_at"] = KratosJson.Time(IssuedAt);
            json["updated_at"] = KratosJson.Time(UpdatedAt);
            json["refresh"] = Refresh;
            json["requested_aal"] = RequestedAal;
        }
        else if (kind == FlowKind.Settings)
        {
            json["identity"] = identity;
        }

        json["state"] = State;
        Add("identity_schema", IdentitySchema);
        return json;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                json[name] = value;
            }
        }
    }
}
