namespace Aspire.Hosting;

/// <summary>What has to be known of a resource to publish it, whatever it is published for.</summary>
public static class PublishingBuilderExtensions
{
    /// <summary>Says as which user a container runs.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="userId">The user's numeric id in the image; not root's.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<T> RunsAs<T>(this IResourceBuilder<T> builder, int userId)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(userId);
        return builder.WithAnnotation(new UserAnnotation(userId), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Names a folder into which a container writes what nobody keeps. Everything may write to <c>/tmp</c>.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="path">The folder.</param>
    /// <returns>The same container.</returns>
    public static IResourceBuilder<T> WritesTo<T>(this IResourceBuilder<T> builder, string path)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return builder.WithAnnotation(new WritableFolderAnnotation(path));
    }

    /// <summary>Says where a program says over HTTP how it is.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="builder">The program.</param>
    /// <param name="port">The port.</param>
    /// <param name="alivePath">The path that says whether it runs, whatever becomes of others.</param>
    /// <param name="readyPath">The path that says whether it is ready to serve.</param>
    /// <returns>The same program.</returns>
    public static IResourceBuilder<T> WithPublishedHealth<T>(this IResourceBuilder<T> builder, int port, string alivePath, string readyPath)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new HttpHealthAnnotation(port, alivePath, readyPath), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Says how those who wait for something that runs once find out by themselves whether it is done.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="builder">What runs once.</param>
    /// <param name="command">What the shell of whoever waits runs, with its own image, environment and files; exit code 0 is done.</param>
    /// <returns>The same.</returns>
    public static IResourceBuilder<T> DoneWhen<T>(this IResourceBuilder<T> builder, string command)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new DoneAnnotation(command), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Says that whoever deploys may bring another in its place.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="builder">The service.</param>
    /// <returns>The same service.</returns>
    public static IResourceBuilder<T> Replaceable<T>(this IResourceBuilder<T> builder)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ReplaceableAnnotation(), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Says how whoever deploys makes the value of a parameter that was generated for this machine.</summary>
    /// <param name="builder">The parameter.</param>
    /// <param name="command">What a shell runs; what it prints is the value, on one line.</param>
    /// <returns>The same parameter.</returns>
    public static IResourceBuilder<ParameterResource> MadeBy(this IResourceBuilder<ParameterResource> builder, string command)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new MadeByAnnotation(command), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Says what one instance takes of a machine.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="builder">The service.</param>
    /// <param name="processor">What it is given for certain, in thousandths of a processor.</param>
    /// <param name="memory">What it is given for certain, in MiB.</param>
    /// <param name="memoryLimit">With how much it is ended, in MiB.</param>
    /// <returns>The same service.</returns>
    public static IResourceBuilder<T> Needs<T>(this IResourceBuilder<T> builder, int processor, int memory, int memoryLimit)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ResourceNeedsAnnotation(processor, memory, memoryLimit), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Says what is different about a service on a cluster of machines. On one machine it runs once, as it is.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <param name="builder">The service.</param>
    /// <param name="instances">How many times it runs there, unless whoever deploys says otherwise.</param>
    /// <param name="configure">What else is different.</param>
    /// <returns>The same service.</returns>
    public static IResourceBuilder<T> InCluster<T>(this IResourceBuilder<T> builder, int instances, Action<ClusterAnnotation>? configure = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfLessThan(instances, 1);
        var cluster = new ClusterAnnotation(instances);
        configure?.Invoke(cluster);
        return builder.WithAnnotation(cluster, ResourceAnnotationMutationBehavior.Replace);
    }
}
