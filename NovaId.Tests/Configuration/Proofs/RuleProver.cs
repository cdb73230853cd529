namespace NovaId.Tests.Configuration.Proofs;

/// <summary>Proves things about access rules, over every URL there is and not over samples.</summary>
internal static class RuleProver
{
    /// <summary>The ports that only a service token of the route's own scope may reach.</summary>
    private static readonly int[] AdminPorts = [4434, 4445, 4466, 4467, 4456];

    /// <summary>The one thing of the gateway's own api listener that anybody may see.</summary>
    private static readonly Language PublicKeys = Language.Concatenate(SchemeAndHost(), Template("/gw/.well-known/jwks.json"));

    /// <summary>An end anchor also lets one line feed through; what only that could reach is reached by nobody.</summary>
    private static readonly Language SingleLine = Language.Star(Language.Characters(CharSet.Of('\n').Complement()));

    /// <summary>
    /// What a rule is ever asked about: a scheme, a host, and a path that was cleaned, so without empty parts, dots and a slash at the end.
    /// </summary>
    public static Language PossibleUrls { get; } = Language.Concatenate(
        SchemeAndHost(),
        Language.Union(
            Language.Epsilon,
            Language.Text("/"),
            Language.Repeat(
                Language.Concatenate(
                    Language.Text("/"),
                    NotSlash().Except(Language.Union(Language.Text("."), Language.Text("..")))),
                1,
                null)));

    /// <summary>Two rules that match one request: the method and a URL of it.</summary>
    public static IEnumerable<string> Overlaps(IReadOnlyList<ConfiguredRule> rules)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            for (var j = i + 1; j < rules.Count; j++)
            {
                var methods = rules[i].Methods.Intersect(rules[j].Methods, StringComparer.OrdinalIgnoreCase).ToList();
                if (methods.Count > 0 && Language.Intersect(rules[i].Language, rules[j].Language).Witness() is { } url)
                {
                    yield return $"{rules[i].Id} and {rules[j].Id} both match {methods[0]} {url}";
                }
            }
        }
    }

    /// <summary>Rules that match no request, and rules whose every request another rule matches as well (so that all are answered with 500).</summary>
    public static IEnumerable<string> Dead(IReadOnlyList<ConfiguredRule> rules)
    {
        foreach (var rule in rules)
        {
            if (rule.Methods.Count == 0 || Reachable(rule).Witness() is null)
            {
                yield return $"{rule.Id} matches no request";
            }
            else if (rule.Methods.All(method => Reachable(rule).Except(Others(rule, method)).Witness() is null))
            {
                yield return $"{rule.Id} is covered by other rules";
            }
        }

        static Language Reachable(ConfiguredRule rule) => Language.Intersect(rule.Language, SingleLine);

        Language Others(ConfiguredRule rule, string method) => Language.Union(rules
            .Where(other => !ReferenceEquals(other, rule) && other.Methods.Contains(method, StringComparer.OrdinalIgnoreCase))
            .Select(other => other.Language));
    }

    /// <summary>Rules on an admin port that anybody but the holder of the route's own scope passes.</summary>
    public static IEnumerable<string> OpenAdminRules(IReadOnlyList<ConfiguredRule> rules)
    {
        var scopes = new Dictionary<string, string>();
        foreach (var rule in rules.Where(rule => AdminPorts.Contains(rule.Upstream.Port)))
        {
            if (rule.Upstream.Port == 4456 && rule.Language.Except(PublicKeys).Witness() is null)
            {
                continue;
            }

            if (rule.Authenticators is not [var only] || only["handler"].RequireString() != "oauth2_introspection")
            {
                yield return $"{rule.Id} does not ask for a service token alone";
                continue;
            }

            if (only["config.scope_strategy"].String("exact") != "exact")
            {
                yield return $"{rule.Id} takes scopes that are not exactly its own";
            }

            if (only["config.target_audience"].Strings() is not ["novaid-gateway"])
            {
                yield return $"{rule.Id} does not ask for the audience novaid-gateway";
            }

            if (only["config.required_scope"].Strings() is not [var scope])
            {
                yield return $"{rule.Id} does not ask for one scope";
            }
            else if ($"svc-{scope.Replace('.', '-')}" != rule.Id)
            {
                yield return $"{rule.Id} asks for the scope {scope}, which is not its own";
            }
            else if (!scopes.TryAdd(scope, rule.Id))
            {
                yield return $"{rule.Id} and {scopes[scope]} share the scope {scope}";
            }
        }
    }

    /// <summary>Rules that lead to an address, or to an operation of it, that does not exist; and rules whose prefix is not cut off.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="operations">The operations behind each host and port, as <c>METHOD /path/{parameter}</c>; null where they are not listed.</param>
    public static IEnumerable<string> LeadingNowhere(IReadOnlyList<ConfiguredRule> rules, IReadOnlyDictionary<string, string[]?> operations)
    {
        foreach (var rule in rules)
        {
            if (!operations.TryGetValue(rule.Upstream.Authority, out var offered))
            {
                yield return $"{rule.Id} leads to {rule.Upstream.Authority}, which is no service of the zone";
                continue;
            }

            var prefix = Language.Concatenate(SchemeAndHost(), Language.Text(rule.StripPath));
            if (rule.Language.Except(Language.Concatenate(prefix, Language.Everything)).Witness() is { } kept)
            {
                yield return $"{rule.Id} matches {kept}, which does not begin with its strip_path";
            }

            if (offered is null)
            {
                continue;
            }

            foreach (var method in rule.Methods)
            {
                // Where Go answers GET it answers HEAD; the router of the gateway's own api listener does not.
                var asked = method == "HEAD" && rule.Upstream.Port != 4456 ? "GET" : method;
                var known = Language.Union(offered
                    .Where(operation => operation.Split(' ')[0] == asked)
                    .Select(operation => Language.Concatenate(prefix, Template(operation.Split(' ')[1]))));
                if (rule.Language.Except(known).Witness() is { } unknown)
                {
                    yield return $"{rule.Id} lets {method} {unknown} through, which is no operation of {rule.Upstream.Authority}";
                }
            }

            var any = Language.Union(offered.Select(operation => Language.Concatenate(prefix, Template(operation.Split(' ')[1]))));
            if (Language.Intersect(rule.Language, any).Witness() is null)
            {
                yield return $"{rule.Id} leads to no operation of {rule.Upstream.Authority}";
            }
        }
    }

    /// <summary>A path with parameters; the one line feed at the end that an anchor lets through is no other operation.</summary>
    private static Language Template(string path) => Language.Concatenate(
        [
            .. path.Split('/').Skip(1).SelectMany(part => (Language[])[Language.Text("/"), part.StartsWith('{') ? NotSlash() : Language.Text(part)]),
            Language.Union(Language.Epsilon, Language.Text("\n")),
        ]);

    private static Language SchemeAndHost() =>
        Language.Concatenate(Language.Union(Language.Text("http"), Language.Text("https")), Language.Text("://"), NotSlash());

    private static Language NotSlash() => Language.Repeat(Language.Characters(CharSet.Of('/').Complement()), 1, null);
}
