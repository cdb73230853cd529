namespace NovaId.Accounts.Data;

/// <summary>A page of which the model is made when it is written.</summary>
internal sealed class LaterResult(Func<IResult> make) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => make().ExecuteAsync(httpContext);
}
