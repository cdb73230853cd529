using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>Gives everybody the same name, unless they bring an Authorization header.</summary>
internal sealed class AnonymousAuthenticator(ConfigurationNode configuration) : IAuthenticator
{
    public static readonly string[] Keys = ["subject"];

    private readonly string _subject = configuration["subject"].String("") is { Length: > 0 } subject ? subject : "anonymous";

    public ValueTask<bool> AuthenticateAsync(GatewayRequest request, AuthenticationSession session, CancellationToken cancellationToken)
    {
        if (request.Header("Authorization").Length > 0)
        {
            return ValueTask.FromResult(false);
        }

        session.Subject = _subject;
        return ValueTask.FromResult(true);
    }
}
