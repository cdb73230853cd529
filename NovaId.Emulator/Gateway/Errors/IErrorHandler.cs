using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Errors;

/// <summary>Makes an answer of a refusal.</summary>
internal interface IErrorHandler
{
    /// <summary>Whether it answers this refusal of this request.</summary>
    bool IsResponsible(GatewayRequest request, GatewayException error);

    /// <summary>Writes the answer.</summary>
    /// <param name="http">The request and its answer.</param>
    /// <param name="request">The request as the gateway reads it.</param>
    /// <param name="error">Why it was refused.</param>
    Task WriteAsync(HttpContext http, GatewayRequest request, GatewayException error);
}
