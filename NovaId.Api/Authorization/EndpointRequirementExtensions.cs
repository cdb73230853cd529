using Microsoft.OpenApi;
using NovaId.Api.Http;
using NovaId.Api.Keys;
using NovaId.Api.Ranks;

namespace NovaId.Api.Authorization;

/// <summary>What an endpoint needs, said on it in one line. An endpoint that says nothing stops the start.</summary>
internal static class EndpointRequirementExtensions
{
    /// <summary>A caller, whoever it is.</summary>
    public static TBuilder RequireCaller<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new CallerRequirement());

    /// <summary>A person, not a program acting for itself.</summary>
    public static TBuilder RequirePerson<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new PersonRequirement());

    /// <summary>A rank or a higher one.</summary>
    public static TBuilder RequireRank<TBuilder>(this TBuilder endpoint, Rank rank)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RankRequirement(rank));

    /// <summary>The rank that the route names, or a higher one.</summary>
    public static TBuilder RequireRank<TBuilder>(this TBuilder endpoint, string routeValue)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RouteRankRequirement(routeValue));

    /// <summary>A capability.</summary>
    public static TBuilder RequireCapability<TBuilder>(this TBuilder endpoint, string capability)
        where TBuilder : IEndpointConventionBuilder => Capabilities.All.Contains(capability)
            ? endpoint.WithMetadata(new CapabilityRequirement(capability))
            : throw new ArgumentException(
                $"There is no capability '{capability}'. Name one of {string.Join(", ", Capabilities.All)}.",
                nameof(capability));

    /// <summary>A permit on the object whose id the route holds.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, string @namespace, string permit, string routeValue)
        where TBuilder : IEndpointConventionBuilder => Permissions.Exists(@namespace, permit)
            ? endpoint.WithMetadata(new PermissionRequirement(@namespace, permit, routeValue))
            : throw new ArgumentException($"There is no permit '{permit}' in the namespace '{@namespace}'.", nameof(permit));

    /// <summary>A person with a session of their own, not through an app.</summary>
    public static TBuilder RequireSession<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new SessionRequirement());

    /// <summary>
    /// A login that is fresh and strong enough, as the section <c>Assurance</c> says: for what changes other people or rights. It comes beside
    /// whatever else the endpoint requires.
    /// </summary>
    public static TBuilder RequireAssurance<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(AssuranceRequirement.Always);

    /// <summary>A login that is fresh and strong enough, for those requests that the condition names.</summary>
    public static TBuilder RequireAssurance<TBuilder>(this TBuilder endpoint, Func<HttpContext, CallerSubject, bool> appliesTo)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AssuranceRequirement(appliesTo));

    /// <summary>Lets in whoever's account is being deleted.</summary>
    public static TBuilder AllowWhileLeaving<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AllowedWhileLeaving());

    /// <summary>Any other requirement.</summary>
    public static TBuilder Require<TBuilder>(this TBuilder endpoint, Requirement requirement)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(requirement);

    /// <summary>Nothing: it answers anyone, for the reason given.</summary>
    public static TBuilder AllowWithoutCaller<TBuilder>(this TBuilder endpoint, string why)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(why);
        return endpoint.WithMetadata(new WithoutCaller(why));
    }

    /// <summary>Asks Keto more in the batch that decides whether the caller may come in.</summary>
    public static TBuilder AskAlong<TBuilder>(this TBuilder endpoint, IPermissionQuestions questions)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new PermissionQuestionsMetadata(questions));

    /// <summary>The route value is a UUID in its canonical spelling.</summary>
    public static TBuilder WithUuid<TBuilder>(this TBuilder endpoint, string routeValue)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RouteValueRule(
            routeValue,
            value => CanonicalUuid.TryParse(value, out _),
            Refusal.BadRequest($"{routeValue} must be a UUID in lower case."),
            () => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid", Pattern = CanonicalUuid.Pattern }));

    /// <summary>The route value is a rank.</summary>
    public static TBuilder WithRank<TBuilder>(this TBuilder endpoint, string routeValue)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RouteValueRule(
            routeValue,
            value => RankNames.TryParse(value, out _),
            Refusal.NotFound("There is no such rank. Names count as they are written."),
            () => new OpenApiSchemaReference(nameof(Rank))));

    /// <summary>The route value is the id of an OAuth2 client.</summary>
    public static TBuilder WithClientId<TBuilder>(this TBuilder endpoint, string routeValue)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RouteValueRule(
            routeValue,
            value => value is { Length: > 0 and <= 128 } && value.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '~' or '-'),
            Refusal.BadRequest($"{routeValue} must be the id of an OAuth2 client."),
            () => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Za-z0-9._~-]{1,128}$" }));

    /// <summary>The route value is the id of an API key.</summary>
    public static TBuilder WithApiKeyId<TBuilder>(this TBuilder endpoint, string routeValue)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RouteValueRule(
            routeValue,
            value => ApiKeyId.TryParse(value, out _),
            Refusal.BadRequest($"{routeValue} must be the id of an API key."),
            () => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = ApiKeyId.Pattern }));
}
