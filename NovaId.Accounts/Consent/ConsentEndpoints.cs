using Microsoft.AspNetCore.WebUtilities;
using NovaId.Accounts.Hydra;
using NovaId.Pages.Components;
using NovaId.Pages.Gateway;
using NovaId.Pages.Http;

namespace NovaId.Accounts.Consent;

/// <summary>
/// May an application act for this person? Only the person whom Hydra's question is about can answer it; what the answer records of how
/// they logged in comes from Kratos' session alone, and nothing of the request goes in.
/// </summary>
internal static class ConsentEndpoints
{
    public const string Path = $"{AccountsApplication.BasePath}/consent";

    private const string Again = "again";

    /// <summary>How long an application is not asked about again.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    public static void MapConsent(this IEndpointRouteBuilder pages)
    {
        var consent = pages.MapGroup(Path).RequireSession();
        consent.MapGet("", ShowAsync);
        consent.MapPost("", AnswerAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, HydraClient hydra, Visitor visitor)
    {
        var challenge = http.Request.Query["consent_challenge"].ToString();
        var asked = visitor.FindSessionAsync();
        if (challenge.Length == 0 || await hydra.GetConsentAsync(http, challenge) is not { Client: { } application } request)
        {
            return Over();
        }

        if ((await asked).Session is not { } session)
        {
            // The login comes first, and leads back here.
            return Page.Go(Path);
        }

        if (session.Identity!.Id != request.Subject)
        {
            return SomebodyElse();
        }

        var scopes = request.RequestedScope ?? [];
        if (request.Skip || application.SkipConsent)
        {
            return Continue(http, request, await hydra.AcceptConsentAsync(http, challenge, Acceptance(request, scopes, remember: false, session)));
        }

        FormTargets.Allow(http, request.RedirectUri);
        var query = http.Request.Query;
        var ticked = query.ContainsKey(Again) ? [.. query["scope"].OfType<string>()] : scopes;
        return Page.Show<ConsentPage, ConsentModel>(new ConsentModel(
            challenge, application, scopes, session.Identity.Traits?.Email ?? session.DisplayName, ticked, !query.ContainsKey(Again) || query["remember"] == "true"));
    }

    /// <summary>The question once more, with what was ticked: only its own page may lead to the application.</summary>
    private static string AddressOf(IFormCollection form) => QueryHelpers.AddQueryString(
        Path,
        form.SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value)))
            .Where(field => field.Key is "consent_challenge" or "scope" or "remember")
            .Append(KeyValuePair.Create(Again, (string?)"1")));

    private static async Task<IResult> AnswerAsync(HttpContext http, HydraClient hydra, Visitor visitor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        try
        {
            return await DecideAsync(http, hydra, visitor, form);
        }
        catch (ServiceUnavailableException e)
        {
            return ErrorModel.Unavailable(http, e.Service, again: AddressOf(form));
        }
    }

    private static async Task<IResult> DecideAsync(HttpContext http, HydraClient hydra, Visitor visitor, IFormCollection form)
    {
        var challenge = form["consent_challenge"].ToString();
        if (challenge.Length == 0 || await hydra.GetConsentAsync(http, challenge) is not { } request)
        {
            return Over();
        }

        var session = visitor.Session!;
        if (session.Identity!.Id != request.Subject)
        {
            return SomebodyElse();
        }

        if (form["answer"] != "allow")
        {
            var rejection = new Rejection("access_denied", "The person did not let the application in.", StatusCodes.Status403Forbidden);
            return Continue(http, request, await hydra.RejectConsentAsync(http, challenge, rejection));
        }

        // What was not asked for cannot be granted, whatever the form says.
        var ticked = form["scope"].ToArray();
        var scopes = (request.RequestedScope ?? []).Where(scope => ticked.Contains(scope)).ToArray();
        return Continue(http, request, await hydra.AcceptConsentAsync(http, challenge, Acceptance(request, scopes, form["remember"] == "true", session)));
    }

    private static ConsentAcceptance Acceptance(ConsentRequest request, IReadOnlyList<string> scopes, bool remember, PersonSession session) => new(
        scopes,
        request.RequestedAccessTokenAudience ?? [],
        remember,
        remember ? (long)Remembered.TotalSeconds : 0,
        new ConsentSession(AssuranceOf(session), ClaimsOf(session, scopes)));

    /// <summary>How strongly and how lately they showed who they are (OpenID Connect Core, section 2: acr, amr, auth_time).</summary>
    private static Dictionary<string, object> AssuranceOf(PersonSession session)
    {
        var assurance = new Dictionary<string, object>
        {
            ["acr"] = session.AuthenticatorAssuranceLevel ?? "aal0",
            ["amr"] = (session.AuthenticationMethods ?? []).Select(method => method.Method).OfType<string>().Distinct().ToArray(),
        };
        if (session.AuthenticatedAt is { } at)
        {
            assurance["auth_time"] = at.ToUnixTimeSeconds();
        }

        return assurance;
    }

    /// <summary>The claims that the scopes ask for (OpenID Connect Core, section 5.4).</summary>
    private static Dictionary<string, object> ClaimsOf(PersonSession session, IReadOnlyList<string> scopes)
    {
        var claims = new Dictionary<string, object>();
        var traits = session.Identity?.Traits;
        if (scopes.Contains("email") && traits?.Email is { } email)
        {
            claims["email"] = email;
            claims["email_verified"] = session.Identity!.VerifiableAddresses?.Any(address => address.Value == email && address.Verified) == true;
        }

        if (scopes.Contains("profile") && traits?.Name is { } name)
        {
            Add("name", name.Full);
            Add("given_name", name.First);
            Add("family_name", name.Last);
        }

        return claims;

        void Add(string claim, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                claims[claim] = value;
            }
        }
    }

    private static IResult Continue(HttpContext http, ConsentRequest request, string? address)
    {
        FormTargets.Allow(http, request.RedirectUri);
        return address is null ? Over() : Page.Go(address);
    }

    private static IResult Over() =>
        new ErrorModel(Texts.Consent_OverTitle, Texts.Consent_OverText, ErrorModel.Home, Reference: null).Show(StatusCodes.Status410Gone);

    private static IResult SomebodyElse() =>
        new ErrorModel(Texts.Consent_ElseTitle, Texts.Consent_ElseText, new ErrorAction(Logout.LogoutEndpoints.Path, Texts.Consent_ElseAction), Reference: null)
            .Show(StatusCodes.Status403Forbidden);
}
