using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>Finds out who sent a request.</summary>
internal interface IAuthenticator
{
    /// <summary>Fills the session, if the request carries what this authenticator looks at.</summary>
    /// <returns>False if it does not; the next authenticator is asked then.</returns>
    /// <exception cref="GatewayException">It does, and it is not good. Nobody else is asked.</exception>
    ValueTask<bool> AuthenticateAsync(GatewayRequest request, AuthenticationSession session, CancellationToken cancellationToken);
}
