using Microsoft.AspNetCore.Http;

namespace NovaId.Pages.Components;

/// <summary>A form that could not be acted on, with what was entered, to be sent again. No form of these pages holds a password: those
/// go straight to Kratos.</summary>
/// <param name="Action">Where it goes.</param>
/// <param name="Fields">What was entered.</param>
public sealed record EnteredForm(string Action, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    /// <summary>The form of a request.</summary>
    /// <param name="http">The request.</param>
    /// <returns>The form; null if the request brought none, or one that cannot be read.</returns>
    public static async Task<EnteredForm?> OfAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.HasFormContentType)
        {
            return null;
        }

        try
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return new EnteredForm(
                http.Request.Path + http.Request.QueryString,
                [.. form.SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? "")))]);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or IOException)
        {
            return null;
        }
    }
}
