namespace NovaId.Api.Versions;

/// <summary>Versions of what is changed as a whole: two who change it at the same time do not overwrite each other (RFC 9110, section 13).</summary>
internal static class VersionExtensions
{
    /// <summary>Refuses a condition on what has no version. Verification of the caller comes before it.</summary>
    public static IApplicationBuilder UseVersions(this IApplicationBuilder app) => app.UseMiddleware<UnversionedMiddleware>();

    /// <summary>The resource has a version: the handler takes <see cref="Preconditions"/>, or answers with a <see cref="Versioned{T}"/>.</summary>
    public static TBuilder WithVersion<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new VersionMetadata());
}
