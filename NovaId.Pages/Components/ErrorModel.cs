using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Pages.Components;

/// <summary>Something that went wrong, in words: what, and what to do.</summary>
/// <param name="Title">What.</param>
/// <param name="Text">What to do.</param>
/// <param name="Action">The next step; null if there is none to offer.</param>
/// <param name="Reference">Finds the request in traces and logs; null where nothing was logged.</param>
/// <param name="Entered">What was entered, to be sent again; null where nothing was.</param>
public sealed record ErrorModel(string Title, string Text, ErrorAction? Action, string? Reference, EnteredForm? Entered = null)
{
    /// <summary>As a page.</summary>
    /// <param name="status">The status.</param>
    /// <returns>The page.</returns>
    public IResult Show(int status) => Page.Show<ErrorPage, ErrorModel>(this, status);

    /// <summary>Somebody behind the gateway does not answer.</summary>
    /// <param name="http">The request.</param>
    /// <param name="service">Who.</param>
    /// <param name="entered">What was entered, to be sent again; null where nothing was.</param>
    /// <param name="again">Where to try again, if not by the same request; null if that is where.</param>
    /// <returns>The page.</returns>
    public static IResult Unavailable(HttpContext http, ZoneService service, EnteredForm? entered = null, string? again = null)
    {
        var text = service switch
        {
            ZoneService.Kratos => Texts.Unavailable_Kratos,
            ZoneService.Hydra => Texts.Unavailable_Hydra,
            ZoneService.Api => Texts.Unavailable_Api,
            _ => Texts.Unavailable_Gateway,
        };
        var action = again is null ? Again(http) : new ErrorAction(again, Texts.TryAgain_Action);
        return new ErrorModel(Texts.Unavailable_Title, text, action, ReferenceOf(http), entered).Show(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>A form of somewhere else.</summary>
    /// <param name="http">The request.</param>
    /// <returns>The page.</returns>
    public static IResult Foreign(HttpContext http) =>
        new ErrorModel(Texts.Foreign_Title, Texts.Foreign_Text, Again(http), ReferenceOf(http)).Show(StatusCodes.Status403Forbidden);

    /// <summary>A request that cannot be read.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">The status.</param>
    /// <returns>The page.</returns>
    public static IResult BadRequest(HttpContext http, int status) =>
        new ErrorModel(Texts.BadRequest_Title, Texts.BadRequest_Text, Again(http), ReferenceOf(http)).Show(status);

    /// <summary>Nobody expected it.</summary>
    /// <param name="http">The request.</param>
    /// <returns>The page.</returns>
    public static IResult Failed(HttpContext http) =>
        new ErrorModel(Texts.Failed_Title, Texts.Failed_Text, Again(http), ReferenceOf(http)).Show(StatusCodes.Status500InternalServerError);

    /// <summary>The API refused, and no page knows better what to say.</summary>
    /// <param name="http">The request.</param>
    /// <param name="refused">What it said.</param>
    /// <returns>The page.</returns>
    public static IResult Refused(HttpContext http, ApiRefusedException refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        if (refused.Status == System.Net.HttpStatusCode.Unauthorized)
        {
            return Page.Go(LoginAddress.First(ReturnAddress.Of(http)));
        }

        if (refused.Status == System.Net.HttpStatusCode.NotFound)
        {
            return NotFound();
        }

        var title = refused.Status switch
        {
            System.Net.HttpStatusCode.Forbidden => Texts.Forbidden_Title,
            System.Net.HttpStatusCode.TooManyRequests => Texts.TooMany_Title,
            _ => Texts.BadRequest_Title,
        };
        var text = refused.Problem is { } problem ? $"{problem.Title} {problem.Detail}".Trim() : Texts.BadRequest_Text;
        return StepUpModel.For(refused.Problem?.Assurance, ReturnAddress.Of(http))
            ?? new ErrorModel(title, text, Home, refused.Problem?.TraceId ?? ReferenceOf(http)).Show((int)refused.Status);
    }

    /// <summary>There is no such page.</summary>
    /// <returns>The page.</returns>
    public static IResult NotFound() =>
        new ErrorModel(Texts.NotFound_Title, Texts.NotFound_Text, Home, Reference: null).Show(StatusCodes.Status404NotFound);

    /// <summary>A page for a status that has none of its own.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">The status.</param>
    /// <returns>The page.</returns>
    public static IResult OfStatus(HttpContext http, int status) => status switch
    {
        StatusCodes.Status404NotFound => NotFound(),
        < 500 => BadRequest(http, status),
        _ => Failed(http),
    };

    /// <summary>To the beginning of the app.</summary>
    public static ErrorAction Home { get; } = new(null, Texts.Home_Action);

    /// <summary>Finds this request in traces and logs.</summary>
    /// <param name="http">The request.</param>
    /// <returns>The trace's id.</returns>
    public static string ReferenceOf(HttpContext http) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            ? activity.TraceId.ToHexString()
            : http?.TraceIdentifier ?? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static ErrorAction Again(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) ? new(http.Request.Path + http.Request.QueryString, Texts.TryAgain_Action) : Home;
}
