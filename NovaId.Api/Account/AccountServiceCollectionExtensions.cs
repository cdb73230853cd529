namespace NovaId.Api.Account;

/// <summary>The account of a person.</summary>
internal static class AccountServiceCollectionExtensions
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddScoped<AccountExporter>()
        .AddScoped<AccountRemoval>();
}
