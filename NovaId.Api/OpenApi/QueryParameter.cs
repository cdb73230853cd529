using Microsoft.OpenApi;

namespace NovaId.Api.OpenApi;

/// <summary>A parameter of the query that a handler reads from the request itself, for the documentation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Schema">What it may be; null for any text.</param>
internal sealed record QueryParameter(string Name, string Description, Func<OpenApiSchema>? Schema = null);
