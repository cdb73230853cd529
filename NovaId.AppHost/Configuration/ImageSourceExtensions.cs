namespace NovaId.AppHost.Configuration;

/// <summary>Where the images come from, and when.</summary>
internal static class ImageSourceExtensions
{
    /// <summary>Takes every image from its own registry or from the mirror that the options name.</summary>
    /// <param name="builder">The application's builder, to which everything is added already.</param>
    /// <param name="options">The mirror, and when images are pulled.</param>
    public static void TakeImages(this IDistributedApplicationBuilder builder, ZoneOptions options)
    {
        foreach (var container in builder.Resources.OfType<ContainerResource>().Where(container => !container.Annotations.OfType<ExplicitStartupAnnotation>().Any()))
        {
            var image = builder.CreateResourceBuilder(container).WithImagePullPolicy(options.PullPolicy);
            if (options.Registry is { } mirror)
            {
                image.WithImageRegistry(mirror);
            }
        }
    }
}
