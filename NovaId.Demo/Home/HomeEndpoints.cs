using Microsoft.AspNetCore.WebUtilities;
using NovaId.Demo.Login;
using NovaId.Pages.Http;

namespace NovaId.Demo.Home;

/// <summary>The beginning: what this app is and how it is let in, or what it was given.</summary>
internal static class HomeEndpoints
{
    public const string Path = "/";

    public static void MapHome(this IEndpointRouteBuilder pages) => pages.MapGet(Path, Show);

    /// <summary>The start page, for somebody who is to come back to another.</summary>
    public static string AddressFor(string? returnTo) => returnTo is null ? Path : QueryHelpers.AddQueryString(Path, "return_to", returnTo);

    private static IResult Show(HttpContext http, AppSession session)
    {
        var done = http.Request.Query["done"].ToString();
        if (session.Tokens is { } tokens)
        {
            return Page.Show<HomePage, HomeModel>(new HomeModel(session.Name!, tokens, session.IsOver, done));
        }

        var returnTo = LoginEndpoints.Checked(http.Request.Query["return_to"]);
        var login = returnTo is null ? LoginEndpoints.Path : QueryHelpers.AddQueryString(LoginEndpoints.Path, "return_to", returnTo);
        return Page.Show<WelcomePage, WelcomeModel>(new WelcomeModel(login, done == "signed-out"));
    }
}
