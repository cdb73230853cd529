using Microsoft.AspNetCore.Http.Features;
using NovaId.Api.Authorization;
using NovaId.Api.Gateway;
using NovaId.Api.Http;

namespace NovaId.Api.Account;

/// <summary>
/// Stands behind what makes something that belongs to a person. A deletion marks the account before it looks for what is there; this looks
/// for the mark after it has written. So whichever comes first, one of the two finds what was written, on whatever instance of the API.
/// </summary>
internal sealed class StayingFilter(KratosClient kratos, AccountRemoval removal) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        var caller = context.HttpContext.Features.GetRequiredFeature<Caller>();
        if (caller.Subject.AnsweringPerson is not { } person)
        {
            return answer;
        }

        var identity = await kratos.FindIdentityAsync(person, CancellationToken.None);
        if (identity is { IsLeaving: false })
        {
            return answer;
        }

        await removal.RemoveTracesAsync(person);
        return identity is null ? Refusal.InvalidToken("identity unknown") : Refusal.Leaving();
    }
}
