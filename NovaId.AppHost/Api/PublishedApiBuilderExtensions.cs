using System.Globalization;
using NovaId.AppHost.Configuration;

namespace NovaId.AppHost.Api;

/// <summary>Adds the API as it is published: a container of the project's image on the edge network alone.</summary>
internal static class PublishedApiBuilderExtensions
{
    /// <summary>The home of the user as which the runtime's images run; a new volume there is that user's.</summary>
    private const string DataFolder = "/home/app";

    public static IResourceBuilder<ProjectResource> AddPublishedApi(
        this IDistributedApplicationBuilder builder,
        string name,
        ZoneOptions options,
        IResourceBuilder<OathkeeperResource> gateway,
        IResourceBuilder<ParameterResource> clientSecret,
        IResourceBuilder<EdgeNetworkResource> network) =>
        builder.AddProject<Projects.NovaId_Api>(name, launchProfileName: null)
            .WithAnnotation(new NetworkAttachmentAnnotation(network.Resource))
            .WithAnnotation(new ContainerMountAnnotation(name, DataFolder, ContainerMountType.Volume, isReadOnly: false))
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithEnvironment("HTTP_PORTS", ZoneOptions.DefaultApiPort.ToString(CultureInfo.InvariantCulture))
            .WithEnvironment("Gateway__Address", string.Create(CultureInfo.InvariantCulture, $"http://{gateway.Resource.Name}:{OathkeeperResource.ProxyPort}"))
            .WithEnvironment("Gateway__Issuer", builder.PublishedAddress(options))
            .WithEnvironment("Gateway__ClientSecret", clientSecret)
            .WithEnvironment("Storage__Path", $"{DataFolder}/novaid.db");
}
