using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NovaId.Emulator.Go;

namespace NovaId.Emulator.Hydra;

/// <summary>Answers in the forms that Hydra gives them.</summary>
internal static class HttpAnswers
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = GoJson.WritingDepth };

    /// <summary>JSON from an API of Hydra's own.</summary>
    public static Task WriteJsonAsync(this HttpContext http, JsonNode body, int status = StatusCodes.Status200OK) =>
        http.WriteAsync(body, status, "application/json; charset=utf-8");

    /// <summary>JSON from an endpoint of the OAuth2 protocol, which no cache may keep.</summary>
    public static Task WriteProtocolJsonAsync(this HttpContext http, JsonNode body, int status = StatusCodes.Status200OK)
    {
        http.ForbidCaching();
        return http.WriteAsync(body, status, "application/json;charset=UTF-8");
    }

    /// <summary>An error from an API of Hydra's own.</summary>
    public static Task WriteErrorAsync(this HttpContext http, OAuth2Error error) =>
        http.WriteAsync(ToJson(error), error.Status, "application/json");

    /// <summary>An error from an endpoint of the OAuth2 protocol (RFC 6749, section 5.2).</summary>
    public static Task WriteProtocolErrorAsync(this HttpContext http, OAuth2Error error) =>
        http.WriteProtocolJsonAsync(ToJson(error), error.Status);

    public static void ForbidCaching(this HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
    }

    public static void Redirect(this HttpContext http, string location, int status = StatusCodes.Status302Found)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.Location = location;
    }

    /// <summary>A page that posts its parameters to the application (OAuth 2.0 Form Post Response Mode).</summary>
    public static Task WriteFormPostAsync(this HttpContext http, string target, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var page = new StringBuilder(
            "<html><head><title>Submit This Form</title></head><body onload=\"javascript:document.forms[0].submit()\">");
        page.Append("<form method=\"post\" action=\"").Append(HtmlEncoder.Default.Encode(target)).Append("\">");
        foreach (var (name, value) in parameters)
        {
            page.Append("<input type=\"hidden\" name=\"").Append(HtmlEncoder.Default.Encode(name))
                .Append("\" value=\"").Append(HtmlEncoder.Default.Encode(value)).Append("\"/>");
        }

        http.Response.ContentType = "text/html;charset=UTF-8";
        return http.Response.WriteAsync(page.Append("</form></body></html>").ToString(), http.RequestAborted);
    }

    public static JsonObject ToJson(OAuth2Error error) => new()
    {
        ["error"] = error.Code,
        ["error_description"] = error.FullDescription,
    };

    private static Task WriteAsync(this HttpContext http, JsonNode body, int status, string contentType)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        return http.Response.WriteAsync(body.ToJsonString(Plain), http.RequestAborted);
    }
}
