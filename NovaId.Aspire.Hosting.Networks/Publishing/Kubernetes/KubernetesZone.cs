using System.Text.RegularExpressions;
using k8s.Models;

namespace Aspire.Hosting.Networks;

/// <summary>
/// Where everything of what is published stands in a cluster: a namespace for each network, and one of its own for a service on several.
/// Who shares a network reaches one another, nobody else.
/// </summary>
internal sealed partial class KubernetesZone
{
    /// <summary>The label that says which service a pod belongs to.</summary>
    public const string NameLabel = "app.kubernetes.io/name";

    /// <summary>The label that says which application a thing belongs to.</summary>
    public const string ApplicationLabel = "app.kubernetes.io/part-of";

    /// <summary>The label that tells the pods of a service apart.</summary>
    public const string ComponentLabel = "app.kubernetes.io/component";

    /// <summary>The label that the cluster itself gives a namespace: <see href="https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name"/>.</summary>
    public const string NamespaceLabel = "kubernetes.io/metadata.name";

    private readonly string _prefix;
    private readonly IReadOnlyList<PublishedAuthority> _authorities;

    /// <param name="application">What is published.</param>
    /// <param name="prefix">What the namespaces' names begin with.</param>
    /// <param name="entry">The service that the Ingress leads to.</param>
    /// <exception cref="DistributedApplicationException">Something of it cannot be in a cluster; the message names it.</exception>
    public KubernetesZone(PublishedApplication application, string prefix, string entry)
    {
        (_prefix, _authorities) = (prefix, application.Authorities);
        Services = [.. application.Services.Select(service => service.InCluster ?? service)];
        foreach (var service in Services)
        {
            if (!Name().IsMatch(service.Name))
            {
                throw new DistributedApplicationException(
                    $"'{service.Name}' cannot be a name in Kubernetes. Begin it with a small letter, and use small letters, digits and hyphens only, at most 63.");
            }

            if (service.Networks.Count == 0)
            {
                throw new DistributedApplicationException($"'{service.Name}' stands on no network, so that nobody can say who reaches it. Say .OnNetworks(…).");
            }

            if (service.UserId is null)
            {
                throw new DistributedApplicationException($"Nobody says as which user '{service.Name}' runs, and Kubernetes is to start nothing as root. Say .RunsAs(…).");
            }
        }

        Entry = Services.FirstOrDefault(service => service.Name == entry)
            ?? throw new DistributedApplicationException($"The Ingress is to lead to '{entry}', which is not published. Name a service that is.");
        Namespaces = [.. Services.Select(NamespaceOf).Distinct()];
    }

    /// <summary>The name of the application.</summary>
    public string Application => _prefix;

    /// <summary>The services, each as it is on a cluster.</summary>
    public IReadOnlyList<PublishedService> Services { get; }

    /// <summary>The service that the Ingress leads to.</summary>
    public PublishedService Entry { get; }

    /// <summary>The names of the namespaces.</summary>
    public IReadOnlyList<string> Namespaces { get; }

    /// <summary>The namespace of a service.</summary>
    public string NamespaceOf(PublishedService service) => $"{_prefix}-{(service.Networks.Count == 1 ? service.Networks[0].Name : service.Name)}";

    /// <summary>Who signs a certificate.</summary>
    public PublishedAuthority AuthorityOf(PublishedCertificate certificate) => _authorities.Single(authority => authority.Name == certificate.Authority);

    /// <summary>Everyone who reaches a service.</summary>
    public IReadOnlyList<PublishedService> CallersOf(PublishedService target) =>
        target.Ports.Count == 0 ? [] : [.. Services.Where(source => source != target && source.Networks.Intersect(target.Networks).Any())];

    /// <summary>The names of everyone who reaches a service, by their namespace.</summary>
    public IEnumerable<(string Namespace, IReadOnlyList<string> Names)> CallersByNamespaceOf(PublishedService target) =>
        from caller in CallersOf(target)
        group caller.Name by NamespaceOf(caller) into home
        select (home.Key, (IReadOnlyList<string>)[.. home.Order(StringComparer.Ordinal)]);

    /// <summary>What carries a service's name and that of the application.</summary>
    public Dictionary<string, string> Labels(string service) => new() { [NameLabel] = service, [ApplicationLabel] = _prefix };

    /// <summary>A namespace that takes restricted pods alone: <see href="https://kubernetes.io/docs/concepts/security/pod-security-standards/"/>.</summary>
    public V1Namespace NewNamespace(string name) => new()
    {
        ApiVersion = V1Namespace.KubeApiVersion,
        Kind = V1Namespace.KubeKind,
        Metadata = new()
        {
            Name = name,
            Labels = new Dictionary<string, string>
            {
                [ApplicationLabel] = _prefix,
                ["pod-security.kubernetes.io/enforce"] = "restricted",
                ["pod-security.kubernetes.io/audit"] = "restricted",
                ["pod-security.kubernetes.io/warn"] = "restricted",
            },
        },
    };

    [GeneratedRegex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex Name();
}
