using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using NovaId.Demo.Home;
using NovaId.Pages.Components;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Demo.Login;

/// <summary>In with NovaId, new tokens, and out.</summary>
internal static class LoginEndpoints
{
    public const string Path = "/login";

    public const string CallbackPath = "/signin";

    public const string RenewPath = "/renew";

    public const string LogoutPath = "/logout";

    public const string SignedOutPath = "/signed-out";

    public const string SignedOutPage = "/?done=signed-out";

    public static void MapLogin(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, BeginAsync);
        pages.MapPost(RenewPath, RenewAsync).RequireLogin();
        pages.MapGet(RenewPath, () => Page.Go(HomeEndpoints.Path));
        pages.MapPost(LogoutPath, EndAsync);
        pages.MapGet(LogoutPath, () => Page.Go(HomeEndpoints.Path));
    }

    /// <summary>Lets nobody in who is not logged in here: the start page says how, and leads back.</summary>
    public static TBuilder RequireLogin<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            if (http.RequestServices.GetRequiredService<AppSession>().Tokens is not null)
            {
                return await next(context);
            }

            return Page.Go(HomeEndpoints.AddressFor(HttpMethods.IsGet(http.Request.Method) ? http.Request.Path + http.Request.QueryString : null));
        });

    /// <summary>A page of this app, if that is what was asked for.</summary>
    public static string? Checked(string? address) =>
        address is { Length: > 0 and <= 2000 } && RedirectHttpResult.IsLocalUrl(address) && !address.StartsWith('~') && !address.Any(char.IsControl) ? address : null;

    private static async Task<IResult> BeginAsync(HttpContext http, GatewayClient gateway, TokenClient client)
    {
        // Whoever is sent to a zone that does not answer sees what the browser says of it: it is asked first. The library keeps what it
        // knows of Hydra's endpoints and keys, and asks for them only once.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(".well-known/openid-configuration", UriKind.Relative));
        await Task.WhenAll(gateway.SendAsync(http, request), client.FindEndpointsAsync(http.RequestAborted));
        var properties = new AuthenticationProperties { RedirectUri = Checked(http.Request.Query["return_to"]) ?? HomeEndpoints.Path };
        http.Response.Headers.CacheControl = "no-store";
        await http.ChallengeAsync(OpenIdConnectDefaults.AuthenticationScheme, properties);
        return Results.Empty;
    }

    private static async Task<IResult> RenewAsync(AppSession session)
    {
        if (session.Tokens!.Refresh is not { Length: > 0 })
        {
            return Page.Go($"{HomeEndpoints.Path}?done=not-renewable");
        }

        var renewal = await session.RenewAsync();
        return Page.Go($"{HomeEndpoints.Path}?done={(renewal.Tokens is null ? "not-renewed" : "renewed")}");
    }

    /// <summary>Out of this app in any case; out of NovaId, if it answers.</summary>
    private static async Task<IResult> EndAsync(HttpContext http, AppSession session, TokenClient client)
    {
        if (session.Tokens is not { } tokens)
        {
            return Page.Go(HomeEndpoints.Path);
        }

        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        try
        {
            await client.RevokeAsync(tokens, http.RequestAborted);
        }
        catch (ServiceUnavailableException)
        {
            return new ErrorModel(Texts.HalfOut_Title, Texts.HalfOut_Text, ErrorModel.Home, ErrorModel.ReferenceOf(http)).Show(StatusCodes.Status503ServiceUnavailable);
        }

        await http.SignOutAsync(OpenIdConnectDefaults.AuthenticationScheme, new AuthenticationProperties { RedirectUri = SignedOutPage });
        return Results.Empty;
    }
}
