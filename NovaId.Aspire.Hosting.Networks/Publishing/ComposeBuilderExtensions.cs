namespace Aspire.Hosting;

/// <summary>Publishes the application as a compose file: <c>aspire publish</c>.</summary>
public static class ComposeBuilderExtensions
{
    /// <summary>Adds what publishes the application, with its networks, health and order, every secret a variable, and no port that they do not open. When it runs, it does nothing.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the step: <c>publish-{name}</c>.</param>
    public static void AddComposeFile(this IDistributedApplicationBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddPublishingStep(
            name,
            folder => folder,
            (application, folder, cancellationToken) => new ComposeWriter(application, folder).WriteAsync(cancellationToken));
    }
}
