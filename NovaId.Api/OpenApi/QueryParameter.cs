namespace NovaId.Api.OpenApi;

/// <summary>A parameter of the query that a handler reads from the request itself, for the documentation.</summary>
internal sealed record QueryParameter(string Name, string Description, bool IsNumber = false);
