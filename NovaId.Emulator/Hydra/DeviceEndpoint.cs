using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;
using NovaId.Emulator.Postgres;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// Device authorization (RFC 8628): a device without a browser asks for a code (POST /oauth2/device/auth), and a person enters it on
/// another machine, where /oauth2/device/verify leads through the device page, login and consent.
/// </summary>
internal sealed class DeviceEndpoint(
    HydraSettings settings,
    ClientAuthentication authentication,
    ClientStore clients,
    DeviceStore devices,
    FlowStore flows,
    OpaqueTokenFactory factory,
    LoginConsentStrategy strategy,
    TimeProvider time,
    ILogger<DeviceEndpoint> logger)
{
    public const string GrantType = "urn:ietf:params:oauth:grant-type:device_code";

    private const string VerifyPath = "/oauth2/device/verify";
    private const int Attempts = 3;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapApi(HttpMethods.Post, "/oauth2/device/auth", AuthorizeAsync);
        endpoints.MapApi(HttpMethods.Get, VerifyPath, VerifyAsync);
    }

    public void MapAdmin(IEndpointRouteBuilder endpoints) =>
        endpoints.MapApi(HttpMethods.Put, "/admin/oauth2/auth/requests/device/accept", AcceptAsync);

    private async Task AuthorizeAsync(HttpContext http)
    {
        try
        {
            await http.WriteProtocolJsonAsync(await CreateAsync(http.Request));
        }
        catch (OAuth2Exception exception)
        {
            logger.LogRefusal(http.Request, exception.Error);
            await http.WriteProtocolErrorAsync(exception.Error);
        }
    }

    private async Task<JsonObject> CreateAsync(HttpRequest http)
    {
        var form = await RequestForm.ReadWholeAsync(http, withQuery: false);
        if (form.IsEmpty)
        {
            throw OAuth2Error.InvalidRequest.With("The POST body can not be empty.");
        }

        var client = await authentication.AuthenticateAsync(http, form);
        if (client.Id != form["client_id"])
        {
            throw OAuth2Error.InvalidRequest.With("Provided client_id mismatch.");
        }

        if (!client.GrantTypes.Contains(GrantType))
        {
            throw OAuth2Error.InvalidGrant.With($"The requested OAuth 2.0 Client does not have the '{GrantType}' grant.");
        }

        var scopes = form.Words("scope");
        TokenEndpoint.RequireScopes(client, scopes);
        var audience = form.Audiences();
        AuthorizationRequest.RequireAudience(client, audience);

        var (code, name) = factory.Create(OpaqueTokenFactory.DeviceCode);
        var now = time.GetUtcNow();
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + settings.DeviceCodeLifespan).AddMilliseconds(500).ToUnixTimeSeconds());
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var userCode = RandomNumberGenerator.GetString(settings.UserCodeCharacters, settings.UserCodeLength);
            var request = new DeviceRequest
            {
                Id = Guid.NewGuid().ToString(),
                Client = client,
                Scopes = scopes,
                Audience = audience,
                ExpiresAt = expires,
                DeviceCodeName = name,
                UserCode = userCode,
            };
            if (devices.TryAdd(request))
            {
                return new JsonObject
                {
                    ["device_code"] = code,
                    ["user_code"] = userCode,
                    ["verification_uri"] = Urls.Append(settings.PublicUrl, VerifyPath),
                    ["verification_uri_complete"] = $"{Urls.Append(settings.PublicUrl, VerifyPath)}?user_code={userCode}",
                    ["expires_in"] = (long)(expires - now).TotalSeconds,
                    ["interval"] = (int)settings.DevicePollingInterval.TotalSeconds,
                };
            }
        }

        throw new OAuth2Exception(OAuth2Error.ServerError);
    }

    private async Task VerifyAsync(HttpContext http)
    {
        var query = GoValues.OfQuery(http.Request);
        var (device, login, consent) = (query["device_verifier"].Trim(), query["login_verifier"].Trim(), query["consent_verifier"].Trim());
        if (device.Length == 0 && login.Length == 0 && consent.Length == 0)
        {
            AskForCode(http, query);
            return;
        }

        var flow = device.Length > 0 && login.Length == 0 && consent.Length == 0 ? VerifyDevice(http, device) : null;
        var clientId = query["client_id"];
        if (clientId.Length == 0)
        {
            throw OAuth2Error.InvalidClient.With("Query parameter 'client_id' is missing.");
        }

        if (!PostgresText.IsText(clientId))
        {
            throw OAuth2Error.Unrecognizable.AsException();
        }

        var client = clients.Get(clientId);
        if (flow is not null)
        {
            strategy.RequestDeviceLogin(http, flow);
            return;
        }

        if (login.Length > 0)
        {
            await strategy.ContinueDeviceAsync(http, client, login);
            return;
        }

        Complete(http, strategy.VerifyConsent(http, consent));
    }

    /// <summary>Sends the browser to the page where the code is entered, tied to this browser by a cookie.</summary>
    private void AskForCode(HttpContext http, GoValues query)
    {
        var kept = GoValues.OfQuery(http.Request);
        foreach (var name in query.Names.Where(name => name.Equals("user_code", StringComparison.OrdinalIgnoreCase)))
        {
            kept.Remove(name);
        }

        var encoded = kept.Encode();
        var flow = new Flow
        {
            Id = "",
            Client = null,
            RequestUrl = Urls.Append(settings.PublicUrl, VerifyPath) + (encoded.Length > 0 ? "?" + encoded : ""),
            RequestedAt = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds()),
            RequestedScope = [],
            RequestedAudience = [],
            OpenIdContext = null,
            SessionId = "",
            LoginCsrf = "",
            LoginSkip = false,
            Subject = "",
            DeviceChallengeId = Guid.NewGuid().ToString("N"),
            DeviceCsrf = Guid.NewGuid().ToString("N"),
        };
        strategy.SetDeviceCookie(http, flow.DeviceCsrf);
        var page = Urls.SetQuery(
            settings.DeviceVerificationUrl, KeyValuePair.Create("device_challenge", flows.Add(FlowPurpose.DeviceChallenge, flow)));
        http.Redirect(query.TryGet("user_code", out var code) ? Urls.SetQuery(page, KeyValuePair.Create("user_code", code)) : page);
    }

    private Flow VerifyDevice(HttpContext http, string verifier)
    {
        var flow = flows.GetByVerifier(FlowPurpose.DeviceVerifier, verifier);
        strategy.RequireDeviceCookie(http, flow.DeviceCsrf);
        return flow;
    }

    /// <summary>What the device page tells Hydra: which code the person has entered.</summary>
    private async Task AcceptAsync(HttpContext http)
    {
        var challenge = http.Request.Query["device_challenge"].ToString();
        if (challenge.Length == 0)
        {
            throw OAuth2Error.InvalidRequest.With("Query parameter 'device_challenge' is not defined but should have been.");
        }

        var userCode = await http.ReadBodyAsync(
            body => body.Text("user_code"),
            problem => OAuth2Error.InvalidRequest with { Hint = $"Unable to decode request body: {problem}" });
        if (userCode.Length == 0)
        {
            throw OAuth2Error.InvalidRequest.With("Field 'user_code' must not be empty.");
        }

        var flow = flows.GetByChallenge(FlowPurpose.DeviceChallenge, challenge);
        if (devices.FindByUserCode(userCode) is not { Session: null } request || request.ExpiresAt < time.GetUtcNow())
        {
            throw OAuth2Error.InvalidRequest.With("The 'user_code' session could not be found or has expired or is otherwise malformed.");
        }

        var address = flow.RequestUrl;
        if (Urls.GetQuery(address, "client_id").Length == 0)
        {
            address = Urls.SetQuery(address, KeyValuePair.Create("client_id", request.Client.Id));
        }

        var accepted = flow with
        {
            Client = request.Client,
            RequestUrl = address,
            DeviceRequestId = request.Id,
            RequestedScope = request.Scopes,
            RequestedAudience = request.Audience,
        };
        await http.WriteJsonAsync(new JsonObject
        {
            ["redirect_to"] = Urls.SetQuery(
                address,
                KeyValuePair.Create("device_verifier", flows.Add(FlowPurpose.DeviceVerifier, accepted)),
                KeyValuePair.Create("client_id", request.Client.Id)),
        });
    }

    /// <summary>Somebody has agreed: from now on the device gets its tokens.</summary>
    private void Complete(HttpContext http, Flow flow)
    {
        var request = devices.FindById(flow.DeviceRequestId) ?? throw OAuth2Error.ChallengeNotFound.AsException();
        devices.Grant(request, TokenSession.Of(flow, nonce: "", flow.Acr, time.GetUtcNow()));
        http.Redirect(Urls.SetQuery(settings.DeviceSuccessUrl, KeyValuePair.Create("client_id", flow.Client!.Id)));
    }
}
