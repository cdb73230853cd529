namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says on which port a service listens, and how one knows that it is this service that answers.</summary>
/// <param name="port">The port.</param>
/// <param name="greeting">How one knows it.</param>
/// <param name="isLoopbackOnly">Whether nobody outside the container is to reach the port.</param>
public sealed class ListenerAnnotation(int port, Greeting greeting, bool isLoopbackOnly) : IResourceAnnotation
{
    /// <summary>The port.</summary>
    public int Port { get; } = port;

    /// <summary>How one knows that it is this service that answers.</summary>
    public Greeting Greeting { get; } = greeting;

    /// <summary>Whether nobody outside the container is to reach the port.</summary>
    public bool IsLoopbackOnly { get; } = isLoopbackOnly;
}
