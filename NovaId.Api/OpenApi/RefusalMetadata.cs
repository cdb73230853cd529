using System.Net;

namespace NovaId.Api.OpenApi;

/// <summary>A refusal of an endpoint's own, beside those that its declarations bring with them.</summary>
internal sealed record RefusalMetadata(HttpStatusCode Status, string Description);
