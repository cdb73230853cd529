using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Rules;

/// <summary>The rules, and the question which of them a request belongs to.</summary>
internal sealed class RuleRepository
{
    private readonly Dictionary<string, AccessRule[]> _byMethod;

    public RuleRepository(IReadOnlyList<AccessRule> rules)
    {
        Rules = rules;
        _byMethod = rules
            .SelectMany(rule => rule.Methods.Distinct(StringComparer.OrdinalIgnoreCase), (rule, method) => (rule, method))
            .GroupBy(pair => pair.method, pair => pair.rule, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<AccessRule> Rules { get; }

    /// <summary>The one rule that matches. None and several are both refused: there is no order among rules.</summary>
    public AccessRule Match(string method, string text)
    {
        AccessRule? found = null;
        foreach (var rule in _byMethod.GetValueOrDefault(method, []))
        {
            if (rule.Pattern.IsMatch(text))
            {
                found = found is null ? rule : throw GatewayException.SeveralRules();
            }
        }

        return found ?? throw GatewayException.NoRule();
    }
}
