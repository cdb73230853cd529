using NovaId.AppHost.Configuration;
using NovaId.AppHost.Networks;

namespace NovaId.AppHost.Ory;

/// <summary>Adds what one of Ory's programs does once.</summary>
internal static class OryJobBuilderExtensions
{
    /// <summary>Adds a container of a service's image on the private network, which ends when it has done what it is told.</summary>
    /// <param name="service">The service, under which it is shown.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="options">Where images come from.</param>
    /// <param name="network">The network it stands on.</param>
    /// <param name="command">What it is told: a program of the image and its arguments.</param>
    public static IResourceBuilder<IOryJobResource> AddJob<T>(
        this IResourceBuilder<T> service,
        string name,
        ZoneOptions options,
        IResourceBuilder<PrivateNetworkResource> network,
        string[] command)
        where T : OryServiceResource
    {
        var builder = service.ApplicationBuilder;
        IResourceBuilder<IOryJobResource> job = builder.ExecutionContext.IsRunMode ? Run() : Publish();
        return job.WithEnvironment("SQA_OPT_OUT", "true").WithParentRelationship(service);

        IResourceBuilder<OryJobResource> Run()
        {
            var image = $"{options.Registry ?? OryImageTags.Registry}/{service.Resource.Image}:{OryImageTags.Tag}";
            return builder.AddEngineRun(
                (name, program, folder) => new OryJobResource(name, program, folder, image),
                name,
                image,
                network.Resource,
                ["--pull", options.PullPolicy.ToString().ToLowerInvariant(), "--entrypoint", command[0]],
                command[1..]);
        }

        IResourceBuilder<PublishedOryJobResource> Publish() =>
            builder.AddResource(new PublishedOryJobResource(name))
                .WithImage(service.Resource.Image, OryImageTags.Tag)
                .WithImageSource(OryImageTags.Registry, options)
                .WithEntrypoint(command[0])
                .WithArgs(command[1..])
                .OnNetworks(network);
    }
}
