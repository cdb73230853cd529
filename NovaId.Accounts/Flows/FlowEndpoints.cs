using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using NovaId.Pages.Components;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Accounts.Flows;

/// <summary>The pages of Kratos' self-service flows: <c>ui_url</c> in <c>kratos.yml</c> leads here.</summary>
internal static class FlowEndpoints
{
    private const string AssuranceTooLow = "session_aal2_required";

    /// <summary>What a page hands on when Kratos begins a flow.</summary>
    private static readonly (string Name, Func<string, bool> IsAllowed)[] HandedOn =
    [
        ("return_to", address => ReturnAddress.Checked(address) is not null),
        ("aal", value => value is "aal1" or "aal2"),
        ("refresh", value => value is "true"),
        ("login_challenge", value => value.Length <= 8000),
    ];

    public static void MapFlows(this IEndpointRouteBuilder pages)
    {
        foreach (var kind in FlowKind.All)
        {
            var page = pages.MapGet(kind.Path, (HttpContext http, Visitor visitor, GatewayClient gateway) => ShowAsync(http, visitor, gateway, kind));
            if (kind == FlowKind.Settings)
            {
                page.RequireSession();
            }
        }
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Visitor visitor, GatewayClient gateway, FlowKind kind)
    {
        if (!Guid.TryParse(http.Request.Query["flow"], out var id))
        {
            // From here the browser goes to Kratos itself, and no page could tell that it does not answer.
            await gateway.SendAsync(http, HttpMethod.Get, ".ory/kratos/public/sessions/whoami");
            return Page.Go(Begin(http, kind));
        }

        var answer = await gateway.SendAsync(http, HttpMethod.Get, kind.PathOf(id));
        if (answer.Status == HttpStatusCode.OK)
        {
            var flow = answer.Read(FlowJson.Default.KratosFlow);
            return Show(http, kind, KnownPerson.IsMissing(flow) ? KnownPerson.Put(flow, (await visitor.FindSessionAsync()).Session) : flow);
        }

        var error = answer.TryRead(NovaId.Pages.Gateway.KratosJson.Default.KratosError)?.Error?.Id;
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => Page.Go(LoginAddress.First(kind.Path)),
            HttpStatusCode.Forbidden when error == AssuranceTooLow => Page.Go(LoginAddress.SecondFactor(kind.Path)),
            // Another browser's flow, or one that keeps no cookies: beginning anew by itself could go round in circles.
            HttpStatusCode.Forbidden => new ErrorModel(
                Texts.OtherBrowser_Title, Texts.OtherBrowser_Text, new ErrorAction(kind.Begin, Texts.BeginAgain_Action), Reference: null)
                .Show(StatusCodes.Status403Forbidden),
            HttpStatusCode.TooManyRequests => throw new ServiceUnavailableException(ZoneService.Kratos),
            _ => Page.Go(kind.Begin),
        };
    }

    private static IResult Show(HttpContext http, FlowKind kind, KratosFlow flow)
    {
        var model = new FlowModel(kind, MessagePlaces.Put(flow));
        if (flow.Oauth2LoginRequest is { } login)
        {
            FormTargets.Allow(http, Hydra.ConsentRequest.RedirectUriOf(login.RequestUrl, login.Client));
        }

        return kind == FlowKind.Settings
            ? Page.Show<SettingsFlowPage, FlowModel>(model)
            : Page.Show<GateFlowPage, FlowModel>(model);
    }

    private static string Begin(HttpContext http, FlowKind kind) =>
        HandedOn.Aggregate(kind.Begin, (address, parameter) => http.Request.Query[parameter.Name].ToString() is { Length: > 0 } value && parameter.IsAllowed(value)
            ? QueryHelpers.AddQueryString(address, parameter.Name, value)
            : address);
}
