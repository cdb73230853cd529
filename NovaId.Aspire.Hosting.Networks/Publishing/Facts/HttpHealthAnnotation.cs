namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a program says over HTTP how it is, with status 200 for well.</summary>
/// <param name="port">The port.</param>
/// <param name="alivePath">The path that says whether it runs, whatever becomes of others.</param>
/// <param name="readyPath">The path that says whether it is ready to serve.</param>
public sealed class HttpHealthAnnotation(int port, string alivePath, string readyPath) : IResourceAnnotation
{
    /// <summary>The port.</summary>
    public int Port { get; } = port;

    /// <summary>The path that says whether it runs, whatever becomes of others.</summary>
    public string AlivePath { get; } = alivePath;

    /// <summary>The path that says whether it is ready to serve.</summary>
    public string ReadyPath { get; } = readyPath;
}
