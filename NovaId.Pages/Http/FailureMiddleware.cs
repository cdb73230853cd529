using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NovaId.Pages.Components;
using NovaId.Pages.Gateway;

namespace NovaId.Pages.Http;

/// <summary>Whatever goes wrong becomes a page that says what to do, and shows nothing of the inside.</summary>
internal sealed partial class FailureMiddleware(RequestDelegate next, ILogger<FailureMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
            return;
        }
        catch (ServiceUnavailableException e) when (!http.Response.HasStarted)
        {
            LogUnavailable(e.Service, e.InnerException?.Message);
            await ShowAsync(http, ErrorModel.Unavailable(http, e.Service, await EnteredForm.OfAsync(http)));
            return;
        }
        catch (ApiRefusedException e) when (!http.Response.HasStarted)
        {
            await ShowAsync(http, ErrorModel.Refused(http, e));
            return;
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await ShowAsync(http, ErrorModel.BadRequest(http, e.StatusCode));
            return;
        }
#pragma warning disable CA1031 // This is where everything ends that nobody expected.
        catch (Exception e) when (!http.Response.HasStarted)
#pragma warning restore CA1031
        {
            LogFailure(e);
            await ShowAsync(http, ErrorModel.Failed(http));
            return;
        }

        if (!http.Response.HasStarted && http.Response.ContentType is null && http.Response.StatusCode is >= 400 and < 600)
        {
            await ShowAsync(http, ErrorModel.OfStatus(http, http.Response.StatusCode));
        }
    }

    private static Task ShowAsync(HttpContext http, IResult page)
    {
        http.Response.Clear();
        return page.ExecuteAsync(http);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Service} does not answer: {Reason}")]
    private partial void LogUnavailable(ZoneService service, string? reason);

    [LoggerMessage(2, LogLevel.Error, "A page failed.")]
    private partial void LogFailure(Exception exception);
}
