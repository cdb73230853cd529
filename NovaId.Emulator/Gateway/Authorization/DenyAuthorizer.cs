using NovaId.Emulator.Gateway.Authentication;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Authorization;

/// <summary>Lets nothing pass.</summary>
internal sealed class DenyAuthorizer : IAuthorizer
{
    public void Authorize(AuthenticationSession session) => throw GatewayException.Forbidden();
}
