using System.Text.Json.Serialization;

namespace NovaId.Pages.Gateway;

/// <summary>Kratos' refusal.</summary>
/// <param name="Error">What.</param>
/// <param name="RedirectBrowserTo">Where a browser goes to get further.</param>
public sealed record KratosError(KratosErrorBody? Error, [property: JsonPropertyName("redirect_browser_to")] string? RedirectBrowserTo);
