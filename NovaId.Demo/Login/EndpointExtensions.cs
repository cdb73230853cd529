using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using NovaId.Pages.Gateway;

namespace NovaId.Demo.Login;

/// <summary>Where Hydra's endpoints are (OpenID Connect Discovery 1.0).</summary>
internal static class EndpointExtensions
{
    /// <exception cref="ServiceUnavailableException">Nobody tells.</exception>
    public static async Task<OpenIdConnectConfiguration> FindEndpointsAsync(this IOptionsMonitor<OpenIdConnectOptions> oidc, CancellationToken cancellationToken)
    {
        try
        {
            return await oidc.Get(OpenIdConnectDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            throw new ServiceUnavailableException(ZoneService.Gateway, e);
        }
    }
}
