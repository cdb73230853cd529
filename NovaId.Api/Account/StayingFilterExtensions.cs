namespace NovaId.Api.Account;

/// <summary>Puts the <see cref="StayingFilter"/> on an endpoint.</summary>
internal static class StayingFilterExtensions
{
    /// <summary>What the endpoint makes belongs to the caller, and goes when the account goes.</summary>
    public static RouteHandlerBuilder MakesPossessions(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(
        static (context, next) => ActivatorUtilities.CreateInstance<StayingFilter>(context.HttpContext.RequestServices).InvokeAsync(context, next));
}
