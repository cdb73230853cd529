using System.Text.Json;

namespace NovaId.Contract.Drivers;

/// <summary>A flow of Kratos as a frontend's page sees it.</summary>
/// <param name="Id">The flow's id.</param>
/// <param name="Action">Where its form goes: path and query.</param>
/// <param name="CsrfToken">The token that its form must carry.</param>
/// <param name="Json">The whole flow.</param>
public sealed record BrowserFlow(string Id, string Action, string CsrfToken, JsonElement Json);
