using Microsoft.Extensions.Primitives;
using NovaId.Emulator.Gateway.Templates;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>What the gateway has found out about a request; templates are rendered over it.</summary>
internal sealed class AuthenticationSession(MatchContext match)
{
    public string Subject { get; set; } = "";

    /// <summary>What the authenticator learnt besides the subject; null where it learnt nothing.</summary>
    public Dictionary<string, object?>? Extra { get; set; }

    /// <summary>The headers that the mutators set, one value each.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public MatchContext MatchContext { get; } = match;

    /// <summary>A field as templates know it.</summary>
    public bool TryGetField(string name, out object? value)
    {
        value = name switch
        {
            "Subject" => Subject,
            "Extra" => Extra ?? GoValue.NilMap,
            "Header" => new HeaderMap(Headers.ToDictionary(h => h.Key, h => new StringValues(h.Value), StringComparer.OrdinalIgnoreCase)),
            "MatchContext" => MatchContext,
            _ => null,
        };
        return value is not null;
    }
}
