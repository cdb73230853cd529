using NovaId.Emulator.Gateway.Authentication;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Authorization;

/// <summary>Decides whether an authenticated request may pass.</summary>
internal interface IAuthorizer
{
    /// <exception cref="GatewayException">It may not.</exception>
    void Authorize(AuthenticationSession session);
}
