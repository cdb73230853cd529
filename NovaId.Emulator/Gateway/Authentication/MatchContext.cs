using NovaId.Emulator.Gateway.Requests;
using NovaId.Emulator.Gateway.Templates;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>How the request matched its rule.</summary>
/// <param name="CaptureGroups">The groups of the rule's URL, from the first.</param>
/// <param name="Request">The request.</param>
internal sealed record MatchContext(IReadOnlyList<string> CaptureGroups, GatewayRequest Request)
{
    /// <summary>A field as templates know it.</summary>
    public bool TryGetField(string name, out object? value)
    {
        value = name switch
        {
            "RegexpCaptureGroups" => CaptureGroups,
            "URL" => Request.Url,
            "Method" => Request.Method,
            "Header" => new HeaderMap(Request.Headers),
            _ => null,
        };
        return value is not null;
    }
}
