using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using NovaId.Pages.Components;
using NovaId.Pages.Configuration;
using NovaId.Pages.Gateway;

namespace NovaId.Demo.Login;

/// <summary>What this app does on the way of a login that the library does not.</summary>
internal sealed class LoginEvents : OpenIdConnectEvents
{
    /// <summary>For whom the access token is.</summary>
    private const string Audience = "novaid-api";

    private static readonly object TokensKey = new();

    public override Task RedirectToIdentityProvider(RedirectContext context)
    {
        context.ProtocolMessage.SetParameter("audience", Audience);
        context.ProtocolMessage.RedirectUri = Here(context.HttpContext, LoginEndpoints.CallbackPath);
        return Task.CompletedTask;
    }

    public override Task RedirectToIdentityProviderForSignOut(RedirectContext context)
    {
        context.ProtocolMessage.PostLogoutRedirectUri = Here(context.HttpContext, LoginEndpoints.SignedOutPath);
        return Task.CompletedTask;
    }

    public override async Task AuthorizationCodeReceived(AuthorizationCodeReceivedContext context)
    {
        var http = context.HttpContext;
        var client = http.RequestServices.GetRequiredService<TokenClient>();
        var request = context.TokenEndpointRequest!;
        var answer = await client.RedeemAsync(request.Code, request.RedirectUri, request.GetParameter("code_verifier"), http.RequestAborted);
        if (answer.IsError)
        {
            throw new AuthenticationFailureException($"Hydra refused the code: {answer.Error}.");
        }

        http.Items[TokensKey] = client.Read(answer, before: null);
        context.HandleCodeRedemption(answer.AccessToken!, answer.IdentityToken ?? throw new AuthenticationFailureException("Hydra gave no id_token."));
    }

    /// <summary>The cookie holds what a page needs and no more: the id_token, whole, is where the other claims are read.</summary>
    public override Task TokenValidated(TokenValidatedContext context)
    {
        var claims = context.Principal!;
        var subject = claims.FindFirstValue(JwtRegisteredClaimNames.Sub)!;
        var name = claims.FindFirstValue(JwtRegisteredClaimNames.Name) ?? claims.FindFirstValue(JwtRegisteredClaimNames.Email) ?? subject;
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity(
            [new(JwtRegisteredClaimNames.Sub, subject), new(JwtRegisteredClaimNames.Name, name)], context.Scheme.Name, JwtRegisteredClaimNames.Name, roleType: null));
        ((AppTokens)context.HttpContext.Items[TokensKey]!).StoreIn(context.Properties!);
        return Task.CompletedTask;
    }

    /// <summary>The person said no.</summary>
    public override Task AccessDenied(AccessDeniedContext context)
    {
        context.HandleResponse();
        return new ErrorModel(Texts.Denied_Title, Texts.Denied_Text, new ErrorAction(Home.HomeEndpoints.Path, Texts.Denied_Action), Reference: null)
            .Show(StatusCodes.Status403Forbidden).ExecuteAsync(context.HttpContext);
    }

    /// <summary>The answer was for another browser or another login, is too old, or is none: nothing of it is shown.</summary>
    public override Task RemoteFailure(RemoteFailureContext context)
    {
        if (Cause<ServiceUnavailableException>(context.Failure) is { } gone)
        {
            throw gone;
        }

        context.HandleResponse();
        var said = Cause<OpenIdConnectProtocolException>(context.Failure)?.Data.Contains("error") == true;
        var page = said
            ? new ErrorModel(Texts.Refused_Title, Texts.Refused_Text, new ErrorAction(Home.HomeEndpoints.Path, Texts.Again_Action), ErrorModel.ReferenceOf(context.HttpContext))
            : new ErrorModel(Texts.Elsewhere_Title, Texts.Elsewhere_Text, new ErrorAction(Home.HomeEndpoints.Path, Texts.Again_Action), Reference: null);
        return page.Show(StatusCodes.Status400BadRequest).ExecuteAsync(context.HttpContext);
    }

    /// <summary>The address as it is registered at Hydra, whatever the request says of its host.</summary>
    private static string Here(HttpContext http, string path) => http.RequestServices.GetRequiredService<PageOrigin>().Value + path;

    private static T? Cause<T>(Exception? failure)
        where T : Exception => failure is null ? null : failure as T ?? Cause<T>(failure.InnerException);
}
