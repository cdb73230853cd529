namespace NovaId.Api.Limits;

/// <summary>How much is too much.</summary>
internal static class LimitExtensions
{
    public static IServiceCollection AddLimits(this IServiceCollection services) => services
        .AddSingleton<ClientAddresses>()
        .AddSingleton<RequestLimiter>();

    /// <summary>No limit, for the reason given.</summary>
    public static TBuilder AllowWithoutLimit<TBuilder>(this TBuilder endpoint, string why)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(why);
        return endpoint.WithMetadata(new WithoutLimit(why));
    }
}
