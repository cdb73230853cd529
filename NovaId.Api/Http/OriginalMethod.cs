namespace NovaId.Api.Http;

/// <summary>The method that was sent, where routing sees another.</summary>
internal sealed record OriginalMethod(string Name)
{
    public static string Of(HttpContext http) => http.Features.Get<OriginalMethod>()?.Name ?? http.Request.Method;
}
