using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NovaId.Pages.Components;

namespace NovaId.Pages.Http;

/// <summary>A page: a component, rendered whole on the server. Nobody but the person may keep it.</summary>
/// <typeparam name="TComponent">The component.</typeparam>
/// <typeparam name="TModel">What it shows.</typeparam>
/// <param name="model">What it shows.</param>
/// <param name="status">The status.</param>
public sealed class PageResult<TComponent, TModel>(TModel model, int status) : IResult
    where TComponent : PageComponent<TModel>
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var renderer = httpContext.RequestServices.GetRequiredService<HtmlRenderer>();
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(PageComponent<>.Model)] = model });
            return (await renderer.RenderComponentAsync<TComponent>(parameters)).ToHtmlString();
        });
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        httpContext.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await httpContext.Response.WriteAsync(html, httpContext.RequestAborted);
        }
    }
}
