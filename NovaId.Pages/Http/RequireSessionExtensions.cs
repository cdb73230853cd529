using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NovaId.Pages.Gateway;

namespace NovaId.Pages.Http;

/// <summary>Pages for somebody who is logged in.</summary>
public static class RequireSessionExtensions
{
    /// <summary>
    /// Leads whoever has no session to the login and back. A page that is only looked at is prepared while Kratos is still asked; a form is
    /// not acted on before.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoints.</typeparam>
    /// <param name="builder">The endpoints.</param>
    /// <returns>The same endpoints.</returns>
    public static TBuilder RequireSession<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.AddEndpointFilter(AskAsync);

    private static async ValueTask<object?> AskAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var asked = http.RequestServices.GetRequiredService<Visitor>().FindSessionAsync();
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            return Elsewhere(await asked) is { } login ? login : await next(context);
        }

        var prepared = next(context).AsTask();
        try
        {
            await Task.WhenAll(asked, prepared);
        }
        catch (Exception) when (asked.IsCompletedSuccessfully && Elsewhere(asked.Result) is not null)
        {
            // What failed was for somebody who is not here.
        }

        return Elsewhere(await asked) ?? await prepared;

        IResult? Elsewhere(SessionAnswer answer) => answer switch
        {
            { Session: not null } => null,
            { NeedsSecondFactor: true } => Page.Go(LoginAddress.SecondFactor(ReturnAddress.Of(http))),
            _ => Page.Go(LoginAddress.First(ReturnAddress.Of(http))),
        };
    }
}
