using NovaId.Emulator.Go;

namespace NovaId.Emulator.Hydra;

/// <summary>The parameters of a request: of its form, and where the endpoint takes them there, of its query.</summary>
internal sealed class RequestForm
{
    public static readonly RequestForm Empty = new(new GoValues());

    private readonly GoValues _values;

    private RequestForm(GoValues values) => _values = values;

    public bool IsEmpty => _values.Count == 0;

    /// <summary>The first value of a parameter, or the empty text.</summary>
    public string this[string name] => _values[name];

    /// <summary>
    /// Reads the form of the body; the body wins over the query. What cannot be decoded is left out, as Hydra leaves it out: its ParseForm
    /// complains, but what calls that does not listen.
    /// </summary>
    /// <exception cref="OAuth2Exception">The body is a multipart form and malformed.</exception>
    public static async Task<RequestForm> ReadAsync(HttpRequest request, bool withQuery)
    {
        var form = await GoForm.ReadAsync(request);
        return form.IsReadable
            ? new RequestForm(withQuery ? form.All : form.Post)
            : throw Unparsable;
    }

    /// <summary>Reads the form of the body where Hydra does listen: nothing is left out.</summary>
    /// <exception cref="OAuth2Exception">Something cannot be decoded.</exception>
    public static async Task<RequestForm> ReadWholeAsync(HttpRequest request, bool withQuery)
    {
        var form = await GoForm.ReadAsync(request);
        return form.Problem is null ? new RequestForm(withQuery ? form.All : form.Post) : throw Unparsable;
    }

    /// <summary>The words of a parameter that lists them with spaces between; a word that stands twice counts once.</summary>
    public IReadOnlyList<string> Words(string name) => [.. Split(this[name]).Distinct()];

    /// <summary>The words of a parameter, one that stands twice included.</summary>
    public IReadOnlyList<string> AllWords(string name) => Split(this[name]);

    /// <summary>The audiences asked for: the parameter may be repeated, or list them with spaces between.</summary>
    public IReadOnlyList<string> Audiences() => _values.All("audience") is { Count: > 1 } many
        ? [.. many.Where(value => value.Length > 0).Distinct()]
        : [.. Split(this["audience"]).Distinct()];

    private static OAuth2Exception Unparsable => OAuth2Error.InvalidRequest.With(
        "Unable to parse HTTP body, make sure to send a properly formatted form request body.");

    /// <summary>Between spaces, whatever other white space a word has around it.</summary>
    private static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
