using NovaId.Emulator.Go;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace NovaId.Emulator.Hydra;

/// <summary>The authorization endpoint: GET or POST /oauth2/auth.</summary>
internal sealed class AuthorizationEndpoint(
    HydraSettings settings,
    ClientStore clients,
    LoginConsentStrategy strategy,
    SigningKeys keys,
    TimeProvider time,
    ILogger<AuthorizationEndpoint> logger)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
      IOpenIddictServerHandler<HandleAuthorizationRequestContext>,
      IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    /// <summary>Answers everything but the request of a user who has consented.</summary>
    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        var http = context.Transaction.GetHttpContext();
        AuthorizationRequest? request = null;
        try
        {
            request = new AuthorizationRequest(await RequestForm.ReadAsync(http.Request, withQuery: true));
            request.Validate(clients);
            if (await strategy.HandleAsync(http, request) is not { } flow)
            {
                context.HandleRequest();
                return;
            }

            request.RequireKnownType();
            RequireSecureRedirect(request.RedirectUri!);
            RequireProof(request);
            if (flow.GrantedScope.Contains("openid"))
            {
                await OpenIdPrompt.ValidateAsync(request, flow, keys);
            }

            context.Transaction.SetProperty(nameof(AuthorizationRequest), request);
            context.Transaction.SetProperty(nameof(AuthorizationCode), CreateCode(request, flow));
        }
        catch (OAuth2Exception exception)
        {
            logger.LogRefusal(http.Request, exception.Error);
            await WriteErrorAsync(http, request, exception.Error);
            context.HandleRequest();
        }
    }

    public ValueTask HandleAsync(HandleAuthorizationRequestContext context)
    {
        var code = context.Transaction.GetProperty<AuthorizationCode>(nameof(AuthorizationCode))!;
        context.SignIn(Protocol.CreatePrincipal(code.Session));
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends the browser back to the application with the code.</summary>
    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        var http = context.Transaction.GetHttpContext();
        var request = context.Transaction.GetProperty<AuthorizationRequest>(nameof(AuthorizationRequest))!;
        var session = context.Transaction.GetProperty<AuthorizationCode>(nameof(AuthorizationCode))!.Session;
        await WriteAsync(
            http,
            request,
            new("code", context.Response.Code ?? ""),
            new("scope", string.Join(' ', session.Scopes)),
            new("state", request.State));
        context.HandleRequest();
    }

    private void RequireSecureRedirect(string redirect)
    {
        var address = new Uri(redirect);
        if (!settings.Development && address.Scheme == Uri.UriSchemeHttp && !Urls.IsLocalhost(address))
        {
            throw OAuth2Error.InvalidRequest.With(
                "Redirect URL is using an insecure protocol, http is only allowed for hosts with suffix 'localhost', for example: " +
                    "http://myapp.localhost/.");
        }
    }

    /// <summary>Hydra asks for the code challenge only now, when the code is about to be made.</summary>
    private void RequireProof(AuthorizationRequest request)
    {
        if (request.Form["code_challenge"].Length == 0)
        {
            if (settings.EnforcePkce)
            {
                throw OAuth2Error.InvalidRequest.With(
                    "Clients must include a code_challenge when performing the authorize code flow, but it is missing.");
            }

            if (settings.EnforcePkceForPublicClients && request.Client!.IsPublic)
            {
                throw OAuth2Error.InvalidRequest.With(
                    "This client must include a code_challenge when performing the authorize code flow, but it is missing.");
            }

            return;
        }

        switch (request.Form["code_challenge_method"])
        {
            case "S256":
                break;
            case "" or "plain":
                throw OAuth2Error.InvalidRequest.With("Clients must use code_challenge_method=S256, plain is not allowed.");
            default:
                throw OAuth2Error.InvalidRequest.With("The code_challenge_method is not supported, use S256 instead.");
        }
    }

    private AuthorizationCode CreateCode(AuthorizationRequest request, Flow flow)
    {
        var now = time.GetUtcNow();
        var acr = flow.Acr.Length == 0 && request.Form["acr_values"].Length > 0 ? "0" : flow.Acr;
        var session = TokenSession.Of(flow, request.Form["nonce"], acr, now);
        var challenge = request.Form["code_challenge"];
        return new AuthorizationCode(session, now + settings.AuthorizationCodeLifespan)
        {
            RedirectUri = request.Form["redirect_uri"],
            CodeChallenge = challenge,
            HasChallenge = challenge.Length > 0,
        };
    }

    /// <summary>An error goes to the application only at an address that is known to be its own; otherwise to Hydra's error page.</summary>
    private Task WriteErrorAsync(HttpContext http, AuthorizationRequest? request, OAuth2Error error)
    {
        if (error.Code == OAuth2Error.NotImplementedCode)
        {
            return http.WriteErrorAsync(error);
        }

        if (request?.RedirectUri is null)
        {
            http.Redirect(Urls.SetQuery(settings.ErrorUrl, new("error", error.Code), new("error_description", error.FullDescription)));
            return Task.CompletedTask;
        }

        return WriteAsync(
            http,
            request,
            new("error", error.Code),
            new("error_description", error.FullDescription),
            new("state", request.State));
    }

    private static async Task WriteAsync(HttpContext http, AuthorizationRequest request, params KeyValuePair<string, string>[] parameters)
    {
        var target = request.RedirectUri!;
        http.ForbidCaching();
        switch (request.ResponseMode)
        {
            case "form_post":
                await http.WriteFormPostAsync(target, parameters);
                break;
            case "fragment":
                var fragment = new GoValues();
                foreach (var (name, value) in parameters)
                {
                    fragment[name] = value;
                }

                http.Redirect($"{target}#{fragment.Encode()}", StatusCodes.Status303SeeOther);
                break;
            default:
                http.Redirect(Urls.SetQuery(target, parameters), StatusCodes.Status303SeeOther);
                break;
        }
    }
}
