using System.Net.Http.Headers;

namespace NovaId.Contract.Drivers;

/// <summary>The same request over and over, each time on a new connection, to see whether every answer arrives whole.</summary>
public static class Repetition
{
    private const string Variable = "NOVAID_REPETITIONS";
    private const int SideBySide = 16;

    /// <summary>How often each request is sent, unless NOVAID_REPETITIONS says otherwise.</summary>
    public static int Count { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(Variable), System.Globalization.CultureInfo.InvariantCulture, out var count) && count > 0 ? count : 60;

    /// <summary>Sends a request again and again.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="create">Makes the request.</param>
    /// <param name="status">The status of every answer.</param>
    /// <param name="count">How often.</param>
    /// <returns>What was wrong with answers, one line for each; empty if all are whole.</returns>
    public static async Task<IReadOnlyList<string>> SendAsync(Uri address, Func<HttpRequestMessage> create, int status, int count)
    {
        // A connection that is not used again, and does not say so: to one that does, Go's server leaves the body alone.
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero })
        {
            BaseAddress = new(address.GetLeftPart(UriPartial.Authority)),
            Timeout = TimeSpan.FromMinutes(1),
        };
        var wrong = new List<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide },
            async (_, cancellationToken) =>
            {
                if (await SendAsync(http, create, status, cancellationToken) is { } failure)
                {
                    lock (wrong)
                    {
                        wrong.Add(failure);
                    }
                }
            });
        return wrong;
    }

    private static async Task<string?> SendAsync(HttpClient http, Func<HttpRequestMessage> create, int status, CancellationToken cancellationToken)
    {
        using var request = create();
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return (int)response.StatusCode == status && IsWhole(response.Content.Headers.ContentType, body)
                ? null
                : $"{(int)response.StatusCode} {body[..Math.Min(body.Length, 200)]}";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message;
        }
    }

    private static bool IsWhole(MediaTypeHeaderValue? type, string body) =>
        type?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true && body.Trim() is ['{', .., '}'];
}
