using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Authentication;

/// <summary>Authenticates by a cookie that the session service knows.</summary>
internal sealed class CookieSessionAuthenticator(ConfigurationNode configuration, HttpMessageInvoker client)
    : SessionAuthenticator(configuration, client, alwaysForwarded: "Cookie", defaultSubject: "subject")
{
    public static readonly string[] Keys = [.. CommonKeys, "only[]"];

    private readonly IReadOnlyList<string> _only = configuration["only"].Strings();

    protected override bool IsResponsible(GatewayRequest request) =>
        _only.Count == 0 ? request.Cookies().Any() : _only.Any(name => request.Cookie(name) is not null);
}
