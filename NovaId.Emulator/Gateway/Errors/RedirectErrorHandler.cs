using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using NovaId.Emulator.Configuration;
using NovaId.Emulator.Gateway.Requests;

namespace NovaId.Emulator.Gateway.Errors;

/// <summary>Sends whoever is refused to another address, and tells it where they wanted to go.</summary>
internal sealed class RedirectErrorHandler : IErrorHandler
{
    public static readonly string[] Keys = ["to", "code", "return_to_query_param", .. ErrorConditions.Keys];

    private readonly string _to;
    private readonly int _code;
    private readonly string? _returnTo;
    private readonly ErrorConditions _conditions;

    private RedirectErrorHandler(string to, int code, string? returnTo, ErrorConditions conditions)
    {
        _to = to;
        _code = code;
        _returnTo = returnTo;
        _conditions = conditions;
    }

    public static RedirectErrorHandler Read(ConfigurationNode configuration)
    {
        var to = configuration["to"].RequireString();
        if (!Uri.IsWellFormedUriString(to, UriKind.RelativeOrAbsolute) || to.Contains('#', StringComparison.Ordinal))
        {
            throw configuration["to"].Error("must be an http or https address, or a path.");
        }

        return new RedirectErrorHandler(
            to,
            configuration["code"].OneOf("302", "301", "302") == "301" ? StatusCodes.Status301MovedPermanently : StatusCodes.Status302Found,
            configuration["return_to_query_param"].String("") is { Length: > 0 } name ? name : null,
            ErrorConditions.Read(configuration));
    }

    /// <inheritdoc/>
    public bool IsResponsible(GatewayRequest request, GatewayException error) => _conditions.Hold(request, error);

    /// <inheritdoc/>
    public async Task WriteAsync(HttpContext http, GatewayRequest request, GatewayException error)
    {
        var address = _returnTo is null ? _to : QueryHelpers.AddQueryString(_to, _returnTo, request.Url.ToString());
        http.Response.StatusCode = _code;
        http.Response.Headers.Location = address;
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        if (HttpMethods.IsGet(http.Request.Method))
        {
            await http.Response.WriteAsync(
                $"<a href=\"{WebUtility.HtmlEncode(address)}\">{ReasonPhrases.GetReasonPhrase(_code)}</a>.\n\n", http.RequestAborted);
        }
    }
}
