using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>Refuses everybody.</summary>
internal sealed class UnauthorizedAuthenticator : IAuthenticator
{
    public ValueTask<bool> AuthenticateAsync(GatewayRequest request, AuthenticationSession session, CancellationToken cancellationToken) =>
        throw GatewayException.Unauthorized();
}
