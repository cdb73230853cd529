namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names a folder into which a container writes what nobody keeps. Everything may write to <c>/tmp</c>.</summary>
/// <param name="path">The folder.</param>
public sealed class WritableFolderAnnotation(string path) : IResourceAnnotation
{
    /// <summary>The folder.</summary>
    public string Path { get; } = path;
}
