namespace Aspire.Hosting;

/// <summary>Containers that come back by themselves.</summary>
public static class RestartExtensions
{
    /// <summary>
    /// Has the engine start a container again when it ends by itself, as it does in what is published: after 100 ms the first time, and twice
    /// as long each further time, until it has run for ten seconds (<see href="https://docs.docker.com/engine/containers/start-containers-automatically/"/>).
    /// Whoever stops it keeps it stopped.
    /// </summary>
    /// <typeparam name="T">The kind of container.</typeparam>
    /// <param name="builder">The container.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<T> WithRestart<T>(this IResourceBuilder<T> builder)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        // A program that is a container's first process ends by no signal that it does not handle.
        return builder.ApplicationBuilder.ExecutionContext.IsRunMode
            ? builder.WithContainerRuntimeArgs("--restart", "unless-stopped", "--init")
            : builder;
    }
}
