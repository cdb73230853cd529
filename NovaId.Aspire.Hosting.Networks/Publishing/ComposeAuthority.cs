using System.Globalization;

namespace Aspire.Hosting.Networks;

/// <summary>
/// The service of a compose file that signs the certificates of all others. It stands on no network, keeps the authority's key in a volume that
/// nobody else mounts, and fills a volume for each server, which that server alone mounts, to read. Whoever is no server shares one volume with
/// the others, in which the authority's certificate stands alone.
/// </summary>
/// <param name="authority">The authority.</param>
/// <param name="services">Those for whom its certificates count.</param>
internal sealed class ComposeAuthority(PublishedAuthority authority, IReadOnlyList<PublishedService> services)
{
    private const string KeyFolder = "/authority";
    private const string Folder = "/certificates";

    /// <summary>No service is called so.</summary>
    private const string Clients = "_clients";

    /// <summary>Its name, and that of the volume with its key.</summary>
    public string Name => authority.Name;

    /// <summary>Every volume that it fills.</summary>
    public IEnumerable<string> Volumes => services.Select(VolumeOf).Distinct().Prepend(authority.Name);

    /// <summary>The volume that a service mounts at <see cref="CertificateFiles.Folder"/>.</summary>
    public string VolumeOf(PublishedService service) => $"{authority.Name}-{FolderOf(service)}";

    /// <summary>Describes the service.</summary>
    /// <param name="text">How a text is written.</param>
    /// <exception cref="DistributedApplicationException">Nobody signs, or nobody says as which user a server runs; the message names it.</exception>
    public OrderedDictionary<string, object> Describe(Func<PublishedText, string> text)
    {
        var signer = authority.Signer ?? throw new DistributedApplicationException(
            $"'{authority.Name}' signs certificates, and nobody says which program does that in a compose file. Say .SignedBy(…) of '{authority.Name}'.");
        string[] command = [.. signer.Command, .. Arguments(text)];
        var description = new OrderedDictionary<string, object> { ["image"] = text(signer.Image) };
        if (signer.PullPolicy is { } policy and not ImagePullPolicy.Default)
        {
            description["pull_policy"] = policy.ToString().ToLowerInvariant();
        }

        description["entrypoint"] = command[..1];
        description["command"] = command[1..];
        description["volumes"] = new object[]
        {
            ComposeWriter.DescribeVolume(new(authority.Name, KeyFolder, IsReadOnly: false)),
        }.Concat(services.DistinctBy(VolumeOf).Select(service => ComposeWriter.DescribeVolume(new(VolumeOf(service), $"{Folder}/{FolderOf(service)}", IsReadOnly: false)))).ToArray();
        description["tmpfs"] = new[] { "/tmp" };
        description["network_mode"] = "none";
        description["restart"] = "unless-stopped";
        description["healthcheck"] = new OrderedDictionary<string, object>
        {
            ["test"] = (string[])["CMD", .. command, "--check"],
            ["interval"] = "1m",
            ["timeout"] = "20s",
            ["retries"] = 3,
            ["start_period"] = "60s",
            ["start_interval"] = "1s",
        };
        // It gives each key to its server's user; nothing else of what root may does it need.
        description["user"] = "0:0";
        description["cap_drop"] = new[] { "ALL" };
        description["cap_add"] = new[] { "CHOWN" };
        description["read_only"] = true;
        description["security_opt"] = new[] { "no-new-privileges:true" };
        return description;
    }

    private IEnumerable<string> Arguments(Func<PublishedText, string> text)
    {
        yield return "--key-folder";
        yield return KeyFolder;
        yield return "--folder";
        yield return Folder;
        yield return "--lifetime";
        yield return string.Create(CultureInfo.InvariantCulture, $"{authority.CertificateLifetime.TotalSeconds:0}s");
        foreach (var service in services.DistinctBy(VolumeOf))
        {
            var certificate = service.Certificate!;
            if (!certificate.IsServer)
            {
                yield return "--client";
                yield return Clients;
                continue;
            }

            var owner = certificate.Owner ?? throw new DistributedApplicationException(
                $"'{service.Name}' has a certificate, and nobody says which user reads its key. Say .RunsAs(…).");
            yield return certificate.IsReadOnce ? "--restarted-server" : "--server";
            yield return string.Create(CultureInfo.InvariantCulture, $"{service.Name}={owner}:{string.Join(',', certificate.Names.Select(text))}");
        }
    }

    private static string FolderOf(PublishedService service) => service.Certificate!.IsServer ? service.Name : Clients;
}
