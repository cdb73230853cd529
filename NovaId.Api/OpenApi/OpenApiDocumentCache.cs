using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace NovaId.Api.OpenApi;

/// <summary>The document, made once: anyone may ask for it, so asking must cost nothing.</summary>
internal sealed class OpenApiDocumentCache
{
    private readonly Lazy<Task<byte[]>> _document;

    public OpenApiDocumentCache([FromKeyedServices(DocumentationExtensions.DocumentName)] IOpenApiDocumentProvider provider) =>
        _document = new(() => CreateAsync(provider));

    public Task<byte[]> GetAsync() => _document.Value;

    private static async Task<byte[]> CreateAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        return stream.ToArray();
    }
}
