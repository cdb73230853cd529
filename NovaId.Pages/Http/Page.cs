using Microsoft.AspNetCore.Http;
using NovaId.Pages.Components;

namespace NovaId.Pages.Http;

/// <summary>Answers of an endpoint that serves pages.</summary>
public static class Page
{
    /// <summary>Shows a page.</summary>
    /// <typeparam name="TComponent">The component.</typeparam>
    /// <typeparam name="TModel">What it shows.</typeparam>
    /// <param name="model">What it shows.</param>
    /// <param name="status">The status.</param>
    /// <returns>The answer.</returns>
    public static IResult Show<TComponent, TModel>(TModel model, int status = StatusCodes.Status200OK)
        where TComponent : PageComponent<TModel> => new PageResult<TComponent, TModel>(model, status);

    /// <summary>Sends the browser to another address, to ask for it with GET.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The answer: 303.</returns>
    public static IResult Go(string address) => new SeeOtherResult(address);
}
