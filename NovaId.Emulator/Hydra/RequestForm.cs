using Microsoft.Extensions.Primitives;

namespace NovaId.Emulator.Hydra;

/// <summary>The parameters of a request: of its form, and where the endpoint takes them there, of its query.</summary>
internal sealed class RequestForm
{
    private readonly Dictionary<string, StringValues> _values;

    private RequestForm(Dictionary<string, StringValues> values) => _values = values;

    public bool IsEmpty => _values.Count == 0;

    /// <summary>The first value of a parameter, or the empty text.</summary>
    public string this[string name] => _values.TryGetValue(name, out var values) && values.Count > 0 ? values[0] ?? "" : "";

    /// <summary>Reads the form of the body; the body wins over the query.</summary>
    /// <exception cref="OAuth2Exception">The body is not a form.</exception>
    public static async Task<RequestForm> ReadAsync(HttpRequest request, bool withQuery)
    {
        var values = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        if (request.HasFormContentType)
        {
            try
            {
                foreach (var (name, value) in await request.ReadFormAsync(request.HttpContext.RequestAborted))
                {
                    values[name] = value;
                }
            }
            catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
            {
                throw OAuth2Error.InvalidRequest.With(
                    "Unable to parse HTTP body, make sure to send a properly formatted form request body.");
            }
        }

        if (withQuery)
        {
            foreach (var (name, value) in request.Query)
            {
                values.TryAdd(name, value);
            }
        }

        return new RequestForm(values);
    }

    /// <summary>The words of a parameter that lists them with spaces between; a word that stands twice counts once.</summary>
    public IReadOnlyList<string> Words(string name) => [.. Split(this[name]).Distinct()];

    /// <summary>The audiences asked for: the parameter may be repeated, or list them with spaces between.</summary>
    public IReadOnlyList<string> Audiences() => _values.TryGetValue("audience", out var values)
        ? [.. (values.Count > 1 ? values.Where(value => !string.IsNullOrEmpty(value)).Select(value => value!) : Split(
            values.ToString())).Distinct()]
        : [];

    private static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
