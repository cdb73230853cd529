using Microsoft.OpenApi;
using NovaId.Api.Http;

namespace NovaId.Api.Authorization;

/// <summary>What a value of the route must look like, so that nobody is asked about anything else.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="IsValid">Tells.</param>
/// <param name="Refusal">The answer to any other.</param>
/// <param name="Schema">The same for the documentation.</param>
internal sealed record RouteValueRule(string Value, Func<string?, bool> IsValid, Refusal Refusal, Func<IOpenApiSchema> Schema);
