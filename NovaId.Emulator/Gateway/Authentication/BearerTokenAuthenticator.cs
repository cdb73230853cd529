using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>Authenticates by a token that the session service knows.</summary>
internal sealed class BearerTokenAuthenticator(ConfigurationNode configuration, HttpMessageInvoker client)
    : SessionAuthenticator(configuration, client, alwaysForwarded: "Authorization", defaultSubject: "sub")
{
    public static readonly string[] Keys = [.. CommonKeys, .. TokenLocation.Keys];

    private readonly TokenLocation _location = new(configuration);

    protected override bool IsResponsible(GatewayRequest request) => _location.Find(request) is not null;
}
