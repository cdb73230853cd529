namespace NovaId.Api.Authorization;

/// <summary>Reads what endpoints declare, and finds those that declare nothing.</summary>
internal static class EndpointDeclarations
{
    private const string Remedy = "Put .RequireRank(…), .RequireCapability(…), .RequirePermission(…), .RequireSession(), .RequireCaller() "
        + "or .AllowWithoutCaller(\"why\") on it.";

    /// <exception cref="InvalidOperationException">An endpoint says nothing, or what it says cannot be.</exception>
    public static void Verify(IEnumerable<Endpoint> endpoints)
    {
        var errors = endpoints.OfType<RouteEndpoint>().SelectMany(Errors).ToList();
        if (errors.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
        }
    }

    public static IReadOnlyList<Requirement> Requirements(Endpoint endpoint) =>
        endpoint.Metadata.GetOrderedMetadata<Requirement>() is { Count: > 1 } several
            ? [.. several.Distinct().Where(requirement => requirement is not CallerRequirement)]
            : endpoint.Metadata.GetOrderedMetadata<Requirement>();

    public static string Describe(IEnumerable<Requirement> requirements, HttpContext? http) =>
        string.Join(" and ", requirements.Select(requirement => requirement.Describe(http)));

    private static IEnumerable<string> Errors(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods;
        var name = $"{(methods is null ? "Any" : string.Join('|', methods))} {endpoint.RoutePattern.RawText}";
        var requirements = endpoint.Metadata.GetOrderedMetadata<Requirement>();
        var isOpen = endpoint.Metadata.GetMetadata<WithoutCaller>() is not null;
        if (isOpen)
        {
            if (requirements.Count > 0)
            {
                yield return $"The endpoint {name} both requires something of its caller and does without one. Take one of the two away.";
            }

            yield break;
        }

        if (requirements.Count == 0)
        {
            yield return $"The endpoint {name} does not say what it needs. {Remedy}";
        }

        var values = endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet();
        foreach (var missing in requirements.Select(requirement => requirement.RouteValue).OfType<string>().Except(values))
        {
            yield return $"The endpoint {name} requires a permission on the route value '{missing}', which its route does not have.";
        }

        foreach (var unruled in values.Except(endpoint.Metadata.GetOrderedMetadata<RouteValueRule>().Select(rule => rule.Value)))
        {
            yield return $"The endpoint {name} does not say what its route value '{unruled}' must look like. "
                + "Put .WithUuid(…), .WithRank(…), .WithApiKeyId(…) or .WithClientId(…) on it.";
        }
    }
}
