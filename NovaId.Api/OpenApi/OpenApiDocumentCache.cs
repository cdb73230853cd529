using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using NovaId.Api.Versions;

namespace NovaId.Api.OpenApi;

/// <summary>The document, made once: anyone may ask for it, so asking must cost nothing.</summary>
internal sealed class OpenApiDocumentCache
{
    private readonly Lazy<Task<(byte[] Content, EntityTagHeaderValue Tag)>> _document;

    public OpenApiDocumentCache([FromKeyedServices(DocumentationExtensions.DocumentName)] IOpenApiDocumentProvider provider) =>
        _document = new(() => CreateAsync(provider));

    public Task<(byte[] Content, EntityTagHeaderValue Tag)> GetAsync() => _document.Value;

    private static async Task<(byte[] Content, EntityTagHeaderValue Tag)> CreateAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        var content = stream.ToArray();
        return (content, EntityTag.Of(content));
    }
}
