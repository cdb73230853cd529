using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using NovaId.Api.Configuration;
using NovaId.Api.Gateway;
using NovaId.Api.Http;

namespace NovaId.Api.Authorization;

/// <summary>Decides whether a login is strong and fresh enough, and says where a browser goes if it is not.</summary>
internal sealed class AssuranceVerifier(IOptions<AssuranceOptions> options, IOptions<GatewayOptions> gateway, TimeProvider time)
{
    private const string SelfService = ".ory/kratos/public/self-service";

    /// <summary>By how much the clock of Kratos may be ahead.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly AssuranceOptions _options = options.Value;
    private readonly string _origin = gateway.Value.ExpectedIssuer.TrimEnd('/');

    /// <summary>Refuses a caller whose login is not strong or not fresh enough.</summary>
    /// <param name="http">The request.</param>
    /// <param name="subject">Who calls.</param>
    /// <param name="assurance">What the session says or the token holds; null for none.</param>
    /// <param name="person">The person with their credentials; null for a client.</param>
    /// <exception cref="RefusalException">It is not enough.</exception>
    public void Require(HttpContext http, CallerSubject subject, Assurance? assurance, Identity? person)
    {
        // A token of the client credentials grant has no login behind it, whatever it holds.
        var known = subject.Kind == CallerKind.Person ? assurance : null;
        var needsSecondFactor = _options.SecondFactor == SecondFactorPolicy.Always || person?.HasSecondFactor == true;
        var isRecent = known is not null && IsRecent(known.AuthenticatedAt);
        var hasSecondFactor = known?.Level == Assurance.Two;
        if (subject.Kind == CallerKind.Person && isRecent && (hasSecondFactor || !needsSecondFactor))
        {
            return;
        }

        List<string> missing = [];
        if (!isRecent)
        {
            missing.Add(AssuranceProblem.RecentLogin);
        }

        if (needsSecondFactor && !hasSecondFactor)
        {
            missing.Add(AssuranceProblem.SecondFactor);
        }

        var level = needsSecondFactor ? Assurance.Two : Assurance.One;
        var required = $"a login of the last {Minutes(_options.MaximumAge)}{(needsSecondFactor ? " with a second factor" : "")}";
        throw Refusal.InsufficientAssurance(
            required,
            new AssuranceProblem(
                missing,
                level,
                (int)_options.MaximumAge.TotalSeconds,
                known?.Level,
                known?.AuthenticatedAt,
                subject.Kind == CallerKind.Person,
                subject.Kind == CallerKind.Person ? StepUp(http, missing, person) : null),
            Challenge(subject, level)).AsException();
    }

    private bool IsRecent(DateTimeOffset authenticatedAt)
    {
        var age = time.GetUtcNow() - authenticatedAt;
        return age <= _options.MaximumAge && age >= -ClockSkew;
    }

    /// <summary>Where a browser gets what is missing, and back to the page it came from, where the request names one of this zone.</summary>
    private string StepUp(HttpContext http, List<string> missing, Identity? person)
    {
        var (flow, parameter) = missing.Contains(AssuranceProblem.SecondFactor)
            // Kratos counts a login from its last factor, so the second one makes it fresh as well.
            ? person?.HasSecondFactor == true ? ("login", "aal=aal2") : ("settings", "")
            : ("login", "refresh=true");
        var address = $"{_origin}/{SelfService}/{flow}/browser{(parameter.Length > 0 ? "?" : "")}{parameter}";
        return http.Request.Headers.Referer is [{ } referrer]
            && Uri.TryCreate(referrer, UriKind.Absolute, out var page)
            && string.Equals(page.GetLeftPart(UriPartial.Authority), _origin, StringComparison.OrdinalIgnoreCase)
                ? QueryHelpers.AddQueryString(address, "return_to", page.GetLeftPart(UriPartial.Query))
                : address;
    }

    /// <summary>An app asks for a new authorization with these (RFC 9470, section 3).</summary>
    private string? Challenge(CallerSubject subject, string level) => subject is { Kind: CallerKind.Person, SessionId: null }
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Bearer error=\"insufficient_user_authentication\", acr_values=\"{level}\", max_age=\"{_options.MaximumAge.TotalSeconds:0}\"")
        : null;

    private static string Minutes(TimeSpan span) => span.TotalMinutes == 1
        ? "minute"
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} minutes");
}
