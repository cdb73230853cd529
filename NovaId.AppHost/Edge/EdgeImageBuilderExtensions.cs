using NovaId.AppHost.Configuration;

namespace NovaId.AppHost.Edge;

/// <summary>Builds the image of a sealed program from its project.</summary>
internal static class EdgeImageBuilderExtensions
{
    /// <summary>Publishes the project and puts what comes out on the runtime's image; the SDK is not in it.</summary>
    /// <typeparam name="TProject">The project, with a Dockerfile beside it.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the program.</param>
    /// <param name="image">The image's name and tag.</param>
    /// <param name="options">The registry of the runtime's image.</param>
    /// <param name="after">The image before this one; projects share what they are built from, and two builds at a time are in each other's way.</param>
    /// <returns>What ends when the image is there.</returns>
    public static IResourceBuilder<ExecutableResource> AddEdgeImage<TProject>(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string image, ZoneOptions options, IResourceBuilder<ExecutableResource>? after)
        where TProject : IProjectMetadata, new()
    {
        var project = Path.GetDirectoryName(new TProject().ProjectPath)!;
        var output = Path.Combine(Path.GetTempPath(), image.Replace(':', '-'));
        var published = builder
            .AddExecutable($"{name}-image-publish", "dotnet", project, "publish", "--configuration", "Release", "--output", output, "--nologo")
            .WithIconName("BoxArrowUp")
            .ExcludeFromManifest();
        if (after is not null)
        {
            published.WaitForCompletion(after);
        }

        string[] registry = options.Registry is { } mirror ? ["--build-arg", $"REGISTRY={mirror}"] : [];
        return builder
            .AddExecutable($"{name}-image", new ContainerEngine(builder.Configuration).Program, project, [
                "build", "--file", Path.Combine(project, "Dockerfile"), .. registry, "--label", $"novaid.{name}", "--tag", image, output])
            .WithIconName("Box")
            .WaitForCompletion(published)
            .ExcludeFromManifest();
    }
}
