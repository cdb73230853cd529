using Microsoft.Extensions.Options;
using NovaId.Accounts.Configuration;
using NovaId.Pages.Configuration;

namespace NovaId.Accounts.Hydra;

/// <summary>The way to Hydra's questions about consent, logout and devices.</summary>
internal static class HydraServiceCollectionExtensions
{
    public static IServiceCollection AddHydra(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ServiceClientOptions>, ServiceClientOptionsValidator>();
        services.AddOptions<ServiceClientOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ServiceClientOptions>>().Value.ReadCredential());
        services.AddSingleton<ServiceTokenSource>();
        services.AddSingleton<HydraClient>();
        return services;
    }
}
