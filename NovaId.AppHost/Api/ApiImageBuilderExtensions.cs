using NovaId.AppHost.Configuration;

namespace NovaId.AppHost.Api;

/// <summary>Builds the image of the sealed API from the project.</summary>
internal static class ApiImageBuilderExtensions
{
    /// <summary>Publishes the project and puts what comes out on the runtime's image; the SDK is not in it.</summary>
    /// <returns>What ends when the image is there.</returns>
    public static IResourceBuilder<ExecutableResource> AddApiImage(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string image, ZoneOptions options)
    {
        var project = Path.GetFullPath("../NovaId.Api", builder.AppHostDirectory);
        var output = Path.Combine(Path.GetTempPath(), image.Replace(':', '-'));
        var published = builder.AddExecutable($"{name}-publish", "dotnet", project, "publish", "--configuration", "Release", "--output", output, "--nologo")
            .WithIconName("BoxArrowUp")
            .ExcludeFromManifest();
        string[] registry = options.Registry is { } mirror ? ["--build-arg", $"REGISTRY={mirror}"] : [];
        return builder
            .AddExecutable(name, new ContainerEngine(builder.Configuration).Program, project, [
                "build", "--file", Path.Combine(project, "Dockerfile"), .. registry, "--label", "novaid.api", "--tag", image, output])
            .WithIconName("Box")
            .WaitForCompletion(published)
            .ExcludeFromManifest();
    }
}
