using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>Lets everybody pass, as nobody in particular.</summary>
internal sealed class NoopAuthenticator : IAuthenticator
{
    public ValueTask<bool> AuthenticateAsync(GatewayRequest request, AuthenticationSession session, CancellationToken cancellationToken) =>
        ValueTask.FromResult(true);
}
