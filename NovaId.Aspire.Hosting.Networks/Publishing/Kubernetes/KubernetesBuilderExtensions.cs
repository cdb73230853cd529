namespace Aspire.Hosting;

/// <summary>Publishes the application as manifests for Kubernetes: <c>aspire publish</c>.</summary>
public static class KubernetesBuilderExtensions
{
    /// <summary>
    /// Adds what publishes the application into the folder <paramref name="name"/> as a Kustomize base: a namespace for each network, closed
    /// in both directions but for the lines that the networks draw, every secret a reference, and one way in. When it runs, it does nothing.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the step, <c>publish-{name}</c>, and of the folder.</param>
    /// <param name="entry">The service that the Ingress leads to.</param>
    /// <param name="host">The host name under which the Ingress takes requests: one parameter.</param>
    public static void AddKubernetesManifests(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<IResource> entry, ReferenceExpression host)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(host);
        builder.AddPublishingStep(
            name,
            folder => Path.Combine(folder, name),
            (application, folder, cancellationToken) =>
                new KubernetesWriter(new(application, builder.ApplicationName().ToLowerInvariant(), entry.Resource.Name), PublishedServiceReader.SettingOf(host), folder).WriteAsync(cancellationToken));
    }
}
