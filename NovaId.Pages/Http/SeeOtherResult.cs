using Microsoft.AspNetCore.Http;

namespace NovaId.Pages.Http;

/// <summary>303 See Other (RFC 9110, section 15.4.4): after a form, a page that can be loaded again without sending the form again.</summary>
internal sealed class SeeOtherResult(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = address;
        httpContext.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
