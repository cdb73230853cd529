using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace NovaId.Api.Http;

/// <summary>
/// Sees to it that every answer arrives whole behind a proxy that still hands on the request's body. Oathkeeper, as every reverse proxy made
/// of Go's, stops doing so as soon as an answer begins, and may then close the connection that the rest of the answer is to come from: so
/// a short answer says its length and comes in one piece, and comes only once the body was taken, whoever wanted it.
/// </summary>
internal sealed class WholeAnswerMiddleware(RequestDelegate next)
{
    /// <summary>How much of a body that nobody wants is read; in bytes. Of what is longer the server throws more away, for some seconds.</summary>
    private const int MaximumUnread = 16 * 1024 * 1024;

    /// <summary>How long such a body may take to arrive.</summary>
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext http)
    {
        var server = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var body = http.Request.Body;
        using var answer = new ShortAnswer(server);
        http.Features.Set<IHttpResponseBodyFeature>(answer);
        try
        {
            await next(http);
        }
        finally
        {
            http.Features.Set(server);
        }

        if (!answer.IsLong && http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            await TakeRestAsync(http, body);
        }

        await answer.SendAsync(http.Response, http.RequestAborted);
    }

    private static async Task TakeRestAsync(HttpContext http, Stream body)
    {
        if (http.Request.ContentLength > MaximumUnread || IsWithheld(http))
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(MaximumWait);
        try
        {
            long taken = 0;
            int count;
            while (taken <= MaximumUnread && (count = await body.ReadAsync(buffer, limit.Token)) > 0)
            {
                taken += count;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It broke off or takes too long: the answer is what it is.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Whether the client holds the body back until it is told to go on, which only reading tells it: a final answer without that saves it
    /// the sending (RFC 9110, section 10.1.1).
    /// </summary>
    private static bool IsWithheld(HttpContext http) =>
        http.Request.Headers.Expect.Count > 0 && http.Features.Get<BoundedBody>() is not { WasRead: true };
}
