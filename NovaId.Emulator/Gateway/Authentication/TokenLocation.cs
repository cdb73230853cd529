using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>Where a request carries its token: the Authorization header as a bearer, or what token_from names.</summary>
internal sealed class TokenLocation
{
    public static readonly string[] Keys = ["token_from.header", "token_from.query_parameter", "token_from.cookie", "prefix"];

    private readonly string? _header;
    private readonly string? _query;
    private readonly string? _cookie;
    private readonly string _prefix;

    public TokenLocation(ConfigurationNode configuration)
    {
        var from = configuration["token_from"];
        _header = from["header"].OptionalString();
        _query = from["query_parameter"].OptionalString();
        _cookie = from["cookie"].OptionalString();
        _prefix = configuration["prefix"].String("");
        if (from.Entries.Count() > 1)
        {
            throw from.Error("names more than one place. Keep one of header, query_parameter and cookie.");
        }
    }

    /// <summary>The token; null if there is none, or none with the prefix.</summary>
    public string? Find(GatewayRequest request)
    {
        var token = this switch
        {
            { _header: not null and not "Authorization" } => request.Header(_header),
            { _query: not null } => request.Url.QueryValue(_query),
            { _cookie: not null } => request.Cookie(_cookie) ?? "",
            _ => Bearer(request.Header("Authorization")),
        };
        return token.Length > 0 && token.StartsWith(_prefix, StringComparison.Ordinal) ? token : null;
    }

    private static string Bearer(string authorization)
    {
        var space = authorization.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && authorization.AsSpan(0, space).Equals("bearer", StringComparison.OrdinalIgnoreCase) ? authorization[(space + 1)..] : "";
    }
}
