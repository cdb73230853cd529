using Microsoft.Extensions.Primitives;
using NovaId.Emulator.Configuration;

namespace NovaId.Emulator.Gateway.Proxy;

/// <summary>
/// Cross-origin requests (the Fetch standard): which pages of other origins may read the gateway's answers. Preflight requests are
/// answered here and go no further.
/// </summary>
internal sealed class CorsPolicy
{
    public static readonly string[] Keys =
    [
        "enabled", "allowed_origins[]", "allowed_methods[]", "allowed_headers[]", "exposed_headers[]", "allow_credentials", "max_age",
    ];

    /// <summary>A list of header names may hold this many empty elements (RFC 9110, section 5.6.1 asks for some patience).</summary>
    private const int MaximumEmptyElements = 16;

    private readonly bool _enabled;
    private readonly IReadOnlyList<string> _origins;
    private readonly bool _anyOrigin;
    private readonly IReadOnlyList<string> _methods;
    private readonly string[] _headers;
    private readonly bool _anyHeader;
    private readonly string _exposed;
    private readonly bool _credentials;
    private readonly int _maximumAge;

    public CorsPolicy(ConfigurationNode configuration)
    {
        _enabled = configuration["enabled"].Boolean(false);
        _origins = List("allowed_origins", "*");
        _anyOrigin = _origins.Contains("*");
        _methods = List("allowed_methods", "GET", "POST", "PUT", "PATCH", "DELETE");
        var headers = List("allowed_headers", "Authorization", "Content-Type").Select(header => header.ToLowerInvariant());
        _headers = [.. headers.Distinct().Order(StringComparer.Ordinal)];
        _anyHeader = _headers.Contains("*");
        _exposed = string.Join(", ", List("exposed_headers", "Content-Type"));
        _credentials = configuration["allow_credentials"].Boolean(false);
        _maximumAge = configuration["max_age"].Integer(0);
        if (_methods.Contains("OPTIONS"))
        {
            throw configuration["allowed_methods"].Error("names OPTIONS, which is answered by the gateway itself. Remove it.");
        }

        if (_enabled && _anyOrigin && _credentials)
        {
            throw configuration["allow_credentials"].Error("would give every origin the credentials of its visitors. List the origins.");
        }

        IReadOnlyList<string> List(string key, params string[] fallback) => configuration[key].Exists ? configuration[key].Strings() : fallback;
    }

    /// <summary>Puts the CORS headers on the answer.</summary>
    /// <returns>True if the request is a preflight, which is answered with that.</returns>
    public bool Apply(HttpContext http)
    {
        if (!_enabled)
        {
            return false;
        }

        if (HttpMethods.IsOptions(http.Request.Method) && http.Request.Headers.AccessControlRequestMethod is [{ Length: > 0 }, ..])
        {
            AnswerPreflight(http);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return true;
        }

        var response = http.Response.Headers;
        response.Vary = "Origin";
        if (IsAllowed(http.Request.Headers.Origin) && (HttpMethods.IsOptions(http.Request.Method) || _methods.Contains(http.Request.Method)))
        {
            response.AccessControlAllowOrigin = _anyOrigin ? "*" : http.Request.Headers.Origin;
            if (_exposed.Length > 0)
            {
                response.AccessControlExposeHeaders = _exposed;
            }

            AllowCredentials(response);
        }

        return false;
    }

    private void AnswerPreflight(HttpContext http)
    {
        var request = http.Request.Headers;
        var response = http.Response.Headers;
        response.Vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        var method = request.AccessControlRequestMethod[0]!;
        if (!IsAllowed(request.Origin)
            || !(HttpMethods.IsOptions(method) || _methods.Contains(method))
            || !(_anyHeader || AcceptsHeaders(request.AccessControlRequestHeaders)))
        {
            return;
        }

        response.AccessControlAllowOrigin = _anyOrigin ? "*" : request.Origin;
        response.AccessControlAllowMethods = request.AccessControlRequestMethod;
        if (request.AccessControlRequestHeaders is [{ Length: > 0 }, ..])
        {
            response.AccessControlAllowHeaders = request.AccessControlRequestHeaders;
        }

        AllowCredentials(response);
        if (_maximumAge != 0)
        {
            response.AccessControlMaxAge = Math.Max(_maximumAge, 0).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private void AllowCredentials(IHeaderDictionary response)
    {
        if (_credentials)
        {
            response.AccessControlAllowCredentials = "true";
        }
    }

    private bool IsAllowed(StringValues origin)
    {
        if (origin is not [{ Length: > 0 } value, ..])
        {
            return false;
        }

        return _anyOrigin || _origins.Any(allowed =>
        {
            var star = allowed.IndexOf('*', StringComparison.Ordinal);
            return star < 0
                ? allowed.Equals(value, StringComparison.OrdinalIgnoreCase)
                : value.Length >= allowed.Length - 1
                    && value.StartsWith(allowed[..star], StringComparison.OrdinalIgnoreCase)
                    && value.EndsWith(allowed[(star + 1)..], StringComparison.OrdinalIgnoreCase);
        });
    }

    /// <summary>Browsers send the names in lower case, sorted and each once; anything else comes from no browser.</summary>
    private bool AcceptsHeaders(StringValues lists)
    {
        var last = "";
        var empty = 0;
        foreach (var element in lists.SelectMany(list => (list ?? "").Split(',')))
        {
            var name = element.StartsWith(' ') || element.StartsWith('\t') ? element[1..] : element;
            name = name.EndsWith(' ') || name.EndsWith('\t') ? name[..^1] : name;
            if (name.Length == 0)
            {
                if (++empty > MaximumEmptyElements)
                {
                    return false;
                }

                continue;
            }

            if (Array.BinarySearch(_headers, name, StringComparer.Ordinal) < 0 || string.CompareOrdinal(name, last) <= 0)
            {
                return false;
            }

            last = name;
        }

        return true;
    }
}
