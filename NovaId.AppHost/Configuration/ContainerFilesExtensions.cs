namespace NovaId.AppHost.Configuration;

/// <summary>What every container of the zone does alike: where its image comes from, and how its configuration gets in.</summary>
internal static class ContainerFilesExtensions
{
    /// <summary>Takes the image from its own registry or from the mirror that the options name.</summary>
    public static IResourceBuilder<T> WithImageSource<T>(this IResourceBuilder<T> builder, string registry, ZoneOptions options)
        where T : ContainerResource =>
        builder.WithImageRegistry(options.Registry ?? registry).WithImagePullPolicy(options.PullPolicy);

    /// <summary>Copies every file of a folder into the container, readable by everybody inside and writable by root alone.</summary>
    public static IResourceBuilder<T> WithConfigurationFiles<T>(this IResourceBuilder<T> builder, string destination, string folder)
        where T : ContainerResource
    {
        var path = Path.GetFullPath(folder, builder.ApplicationBuilder.AppHostDirectory);
        var files = Directory.Exists(path)
            ? Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).ToArray()
            : throw new ZoneConfigurationException($"The folder {path} does not exist, and '{builder.Resource.Name}' reads its configuration there. Restore it.");
        // What is published must not name a path of this machine.
        return builder.WithContainerFiles(destination, files.Select(file => builder.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? new ContainerFile { Name = Path.GetFileName(file), Contents = File.ReadAllText(file) }
            : new ContainerFile { Name = Path.GetFileName(file), SourcePath = file }));
    }
}
