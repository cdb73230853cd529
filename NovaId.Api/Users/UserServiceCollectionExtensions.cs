namespace NovaId.Api.Users;

/// <summary>The people.</summary>
internal static class UserServiceCollectionExtensions
{
    public static IServiceCollection AddUsers(this IServiceCollection services) => services.AddScoped<UserDirectory>();
}
