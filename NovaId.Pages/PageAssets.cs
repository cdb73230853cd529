using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace NovaId.Pages;

/// <summary>Style, scripts and pictures: part of the assemblies, served below the app's own path, and named by what they hold.</summary>
public sealed class PageAssets
{
    private const string Folder = "/assets";

    private readonly PageSite _site;
    private readonly IFileProvider _files;
    private readonly ConcurrentDictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <summary>The assets of an app.</summary>
    /// <param name="site">The app.</param>
    public PageAssets(PageSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        _site = site;
        var shared = Of(typeof(PageAssets).Assembly);
        _files = site.Assets is null ? shared : new CompositeFileProvider(Of(site.Assets), shared);
    }

    /// <summary>The address of an asset; it changes when the asset does, so that a browser may keep it.</summary>
    /// <param name="name">The file's name.</param>
    /// <returns>The path as a browser asks for it.</returns>
    public string PathOf(string name) => _paths.GetOrAdd(name, file =>
    {
        using var stream = _files.GetFileInfo(file).CreateReadStream();
        return $"{_site.PathOf(Folder)}/{file}?v={Convert.ToHexStringLower(SHA256.HashData(stream))[..12]}";
    });

    internal void Serve(IApplicationBuilder app) => app.UseStaticFiles(new StaticFileOptions
    {
        RequestPath = _site.PathOf(Folder),
        FileProvider = _files,
        ContentTypeProvider = new FileExtensionContentTypeProvider(new Dictionary<string, string>
        {
            [".css"] = "text/css; charset=utf-8",
            [".js"] = "text/javascript; charset=utf-8",
            [".svg"] = "image/svg+xml",
        }),
        OnPrepareResponse = context => context.Context.Response.Headers.CacheControl =
            context.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache",
    });

    private static EmbeddedFileProvider Of(Assembly assembly) => new(assembly, $"{assembly.GetName().Name}.Assets");
}
