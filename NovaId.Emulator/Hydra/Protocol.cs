using System.Security.Claims;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;

namespace NovaId.Emulator.Hydra;

/// <summary>What the event handlers of the OAuth2 server have in common.</summary>
internal static partial class Protocol
{
    /// <summary>The shortest state and nonce that Hydra accepts.</summary>
    public const int MinimumEntropy = 8;

    public static HttpContext GetHttpContext(this OpenIddictServerTransaction transaction) =>
        transaction.GetHttpRequest()?.HttpContext ?? throw new InvalidOperationException("The server runs on ASP.NET Core only.");

    /// <summary>
    /// Who the tokens are about, in the form that OpenIddict's sign-in needs. The grant itself travels in the transaction.
    /// </summary>
    public static ClaimsPrincipal CreatePrincipal(TokenSession session)
    {
        var identity = new ClaimsIdentity("Hydra");
        identity.SetClaim(OpenIddictConstants.Claims.Subject, session.Subject);
        return new ClaimsPrincipal(identity);
    }

    public static void LogRefusal(this ILogger logger, HttpRequest request, OAuth2Error error)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            LogRefusal(logger, request.Path, error.Code, error.Hint);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} refused: {Error} ({Hint})")]
    private static partial void LogRefusal(ILogger logger, PathString path, string error, string hint);
}
