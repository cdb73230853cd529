namespace Aspire.Hosting.Networks;

/// <summary>
/// What is published, whatever it is written for: read off the model once, so that every writer says the same.
/// </summary>
/// <param name="Networks">The networks.</param>
/// <param name="Services">The containers.</param>
/// <param name="Authorities">Those whose certificates count for some of them.</param>
internal sealed record PublishedApplication(
    IReadOnlyList<ContainerNetworkResource> Networks, IReadOnlyList<PublishedService> Services, IReadOnlyList<PublishedAuthority> Authorities)
{
    /// <summary>Every setting that whoever deploys may or must give, by its name.</summary>
    public IReadOnlyList<PublishedSetting> Settings { get; } =
        [.. Services.SelectMany(service => service.Settings).DistinctBy(setting => setting.Name).OrderBy(setting => setting.Name, StringComparer.Ordinal)];

    /// <summary>Reads the model.</summary>
    /// <exception cref="DistributedApplicationException">It holds something that cannot be published; the message names it.</exception>
    public static async Task<PublishedApplication> ReadAsync(
        DistributedApplicationModel model, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        var reader = new PublishedServiceReader(model, execution);
        var services = new List<PublishedService>();
        foreach (var resource in model.GetComputeResources())
        {
            services.Add(await reader.ReadAsync(resource, cancellationToken));
        }

        return new(
            [.. model.Resources.OfType<ContainerNetworkResource>()],
            services,
            [
                .. from authority in model.Resources.OfType<CertificateAuthorityResource>()
                   where services.Any(service => service.Certificate?.Authority == authority.Name)
                   select PublishedServiceReader.AuthorityOf(authority),
            ]);
    }
}
