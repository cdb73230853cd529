using System.Net;

namespace NovaId.AppHost.Tests.Zones;

/// <summary>What a test asks of an address that may be away.</summary>
internal static class HttpClientExtensions
{
    /// <summary>The status of an answer; null where there is none.</summary>
    /// <param name="http">Who asks.</param>
    /// <param name="path">The path.</param>
    public static async Task<HttpStatusCode?> StatusAsync(this HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
