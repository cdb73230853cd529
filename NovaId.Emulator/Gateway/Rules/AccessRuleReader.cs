using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Rules;

/// <summary>
/// Reads a file of access rules. What Oathkeeper would take and never serve (a disabled handler, a rule without a method) stops the start.
/// </summary>
internal static class AccessRuleReader
{
    private static readonly string[] Keys =
    [
        "id", "version", "description",
        "match.url", "match.methods[]",
        "upstream.url", "upstream.strip_path", "upstream.preserve_host",
        "authenticators[].handler", "authenticators[].config.**",
        "authorizer.handler", "authorizer.config.**",
        "mutators[].handler", "mutators[].config.**",
        "errors[].handler", "errors[].config.**",
    ];

    /// <summary>Rules of an older version would have to be migrated first.</summary>
    private static readonly Version OldestVersion = new(0, 37, 0);

    public static IReadOnlyList<AccessRule> Read(IEnumerable<string> files, HandlerCatalog handlers)
    {
        var rules = new List<AccessRule>();
        var places = new Dictionary<string, ConfigurationNode>();
        foreach (var file in files)
        {
            var list = ConfigurationFile.Read(file);
            if (!list.IsSequence)
            {
                throw list.Error("must be a list of rules.");
            }

            foreach (var node in list.Items)
            {
                ConfigurationFile.RequireKnown(node, Keys);
                var rule = Read(node, handlers);
                if (!places.TryAdd(rule.Id, node["id"]))
                {
                    var first = places[rule.Id];
                    throw node["id"].Error($"is '{rule.Id}', as on line {first.Line} of {first.File}. Give the rule an id of its own.");
                }

                rules.Add(rule);
            }
        }

        return rules;
    }

    private static AccessRule Read(ConfigurationNode node, HandlerCatalog handlers)
    {
        var id = node["id"].RequireString();
        RequireVersion(node["version"]);
        var methods = node["match.methods"].Strings();
        if (methods.Count == 0)
        {
            throw node["match.methods"].Error("is empty, so the rule would never match. Name the methods.");
        }

        return new AccessRule(
            id,
            methods,
            ReadPattern(node["match.url"]),
            ReadUpstream(node["upstream"]),
            [.. AtLeastOne(node["authenticators"]).Select(handlers.Authenticator)],
            handlers.Authorizer(node["authorizer"]),
            [.. AtLeastOne(node["mutators"]).Select(handlers.Mutator)],
            handlers.ErrorHandlers(node["errors"]));
    }

    private static void RequireVersion(ConfigurationNode node)
    {
        if (node.OptionalString() is not { } text)
        {
            return;
        }

        if (!Version.TryParse(text.TrimStart('v').Split('-', '+')[0], out var version) || version.Build < 0)
        {
            throw node.Error($"is '{text}', which is no version. Write it as v26.2.0.");
        }

        if (version < OldestVersion)
        {
            throw node.Error($"is '{text}', a form of rules that the emulator does not know. Bring the rule to v26.2.0.");
        }
    }

    private static RulePattern ReadPattern(ConfigurationNode node)
    {
        try
        {
            var url = node.RequireString();
            return url.Length > 0 ? RulePattern.Parse(url) : throw node.Error("is empty. Name the URLs of the rule.");
        }
        catch (ArgumentException exception)
        {
            throw node.Error(exception is System.Text.RegularExpressions.RegexParseException
                ? $"is no regular expression: {exception.Message}"
                : exception.Message);
        }
    }

    private static Upstream ReadUpstream(ConfigurationNode node)
    {
        var address = node["url"].Uri();
        if (address.Scheme != Uri.UriSchemeHttp)
        {
            throw node["url"].Error($"is '{address}', but the private network of the emulator carries http only.");
        }

        var path = address.GetComponents(UriComponents.Path | UriComponents.KeepDelimiter, UriFormat.Unescaped);
        var strip = node["strip_path"].String("").Trim('/');
        return new Upstream(
            address,
            path == "/" ? "" : ByteString.Encode(path),
            strip.Length == 0 ? "" : ByteString.Encode("/" + strip),
            node["preserve_host"].Boolean(false));
    }

    private static IReadOnlyList<ConfigurationNode> AtLeastOne(ConfigurationNode node) =>
        node.IsSequence && node.Items.Count > 0 ? node.Items : throw node.Error("must name at least one handler.");
}
