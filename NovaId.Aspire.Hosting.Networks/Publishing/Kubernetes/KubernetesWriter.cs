using k8s;
using k8s.Models;
using YamlDotNet.Serialization;

namespace Aspire.Hosting.Networks;

/// <summary>
/// Writes what is published as manifests for Kubernetes: a Kustomize base (<see href="https://kubectl.docs.kubernetes.io/references/kustomize/"/>)
/// that every publication writes anew, and around it what belongs to whoever deploys, which is written once.
/// </summary>
internal sealed class KubernetesWriter(KubernetesZone zone, PublishedSetting host, string folder)
{
    private const string Base = "base";
    private const string Components = "components";
    private const string External = "external-";
    private const string Kustomization = "kustomization.yaml";
    private const string SettingsFile = "settings.env";
    private const string Namespaces = "namespaces.yaml";
    private const string IngressFile = "ingress.yaml";
    private const string NotSet = "192.0.2.0/32";

    private static readonly PublishedSetting IngressClass = new("INGRESS_CLASS", "The class of the Ingress", "nginx", IsSecret: false);
    private static readonly PublishedSetting IngressNamespace = new("INGRESS_NAMESPACE", "The namespace of the ingress controller, which alone reaches the gateway from outside", "ingress-nginx", IsSecret: false);

    private readonly KubernetesPolicies _policies = new(zone);
    private readonly IReadOnlyList<KubernetesCertificate> _certificates = KubernetesCertificate.AllOf(zone);
    private readonly Dictionary<PublishedService, KubernetesWorkload> _workloads = zone.Services.ToDictionary(service => service, service => new KubernetesWorkload(zone, service));

    private readonly ISerializer _yaml = new SerializerBuilder()
        .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true)
        .WithIndentedSequences()
        .WithNewLine("\n")
        .Build();

    private IEnumerable<PublishedService> Replaceable => zone.Services.Where(service => service.IsReplaceable);

    /// <summary>Writes everything.</summary>
    /// <exception cref="DistributedApplicationException">Something cannot be published so; the message names it.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        // What is not published any more is not to stay.
        foreach (var old in (string[])[Path.Combine(folder, Components), .. Directory.Exists(Path.Combine(folder, Base)) ? Directory.GetFileSystemEntries(Path.Combine(folder, Base)) : []])
        {
            if (Directory.Exists(old))
            {
                Directory.Delete(old, recursive: true);
            }
            else if (Path.GetFileName(old) != SettingsFile)
            {
                File.Delete(old);
            }
        }

        WriteBase();
        foreach (var service in Replaceable)
        {
            WriteComponent(service);
            WriteExternal(service);
        }

        WriteProof();
        WriteCertManager();
        await WriteSettingsAsync(cancellationToken);
        await WriteSecretsAsync(cancellationToken);
        WriteEntry();
    }

    private void WriteBase()
    {
        WriteObjects(Path.Combine(Base, Namespaces), zone.Namespaces.SelectMany(name => (IKubernetesObject[])[zone.NewNamespace(name), _policies.DenyAll(name), _policies.Names(name)]));
        WriteObjects(Path.Combine(Base, IngressFile), [NewIngress(), _policies.Entry(IngressNamespace.Default!)]);
        var resources = new List<string> { Namespaces, IngressFile };
        var maps = zone.Namespaces.Select(name => Generator(KubernetesWorkload.Settings, name, "envs", [SettingsFile])).ToList();
        var replacements = new List<object>
        {
            Replacement(host, Target("Ingress", zone.Entry.Name, zone.NamespaceOf(zone.Entry), "spec.rules.0.host", "spec.tls.0.hosts.0")),
            Replacement(IngressClass, Target("Ingress", zone.Entry.Name, zone.NamespaceOf(zone.Entry), "spec.ingressClassName")),
            Replacement(IngressNamespace, Target(
                V1NetworkPolicy.KubeKind, $"{zone.Entry.Name}-entry", zone.NamespaceOf(zone.Entry),
                $"spec.ingress.0.from.0.namespaceSelector.matchLabels.[{KubernetesZone.NamespaceLabel}]")),
        };
        foreach (var service in zone.Services.Where(service => !service.IsReplaceable))
        {
            var file = $"{service.Name}.yaml";
            WriteObjects(Path.Combine(Base, file), ObjectsOf(service));
            resources.Add(file);
            maps.AddRange(MapsOf(service, Base));
            var workload = _workloads[service];
            if (workload.ImageSetting is { } image)
            {
                var targets = workload.Describe().Where(described => described is not V1PodDisruptionBudget).Select(described => Target(
                    described.Kind, described.Metadata.Name, described.Metadata.NamespaceProperty, "spec.template.spec.containers.*.image"));
                replacements.Add(Replacement(image, [.. targets]));
            }

            replacements.AddRange(service.Outside.Select(outside => Replacement(
                NetworkOf(outside.Name), Target(V1NetworkPolicy.KubeKind, $"to-{outside.Name}", zone.NamespaceOf(service), "spec.egress.0.to.0.ipBlock.cidr"))));
        }

        WriteKustomization(Base, "Kustomization", new() { ["resources"] = resources, ["configMapGenerator"] = maps, ["replacements"] = replacements });
    }

    /// <summary>A service that whoever deploys may bring instead stands outside the base, with every line that leads to it.</summary>
    private void WriteComponent(PublishedService service)
    {
        var inside = Path.Combine(Components, service.Name);
        var file = $"{service.Name}.yaml";
        WriteObjects(Path.Combine(inside, file), ObjectsOf(service));
        var maps = MapsOf(service, inside).ToList();
        WriteKustomization(inside, "Component", maps.Count == 0
            ? new() { ["resources"] = new[] { file } }
            : new() { ["resources"] = new[] { file }, ["configMapGenerator"] = maps });
    }

    /// <summary>What stands in the place of such a service: the line to the network where the other one is.</summary>
    private void WriteExternal(PublishedService service)
    {
        var inside = Path.Combine(Components, $"{External}{service.Name}");
        var users = UsersOf(service).GroupBy(zone.NamespaceOf, user => user.Name).ToArray();
        const string File = "network-policies.yaml";
        WriteObjects(Path.Combine(inside, File), users.Select(home =>
            _policies.Outside($"{External}{service.Name}", service.Ports[0], NotSet, home.Key, [.. home.Order(StringComparer.Ordinal)])));
        WriteKustomization(inside, "Component", new()
        {
            ["resources"] = new[] { File },
            ["replacements"] = new[]
            {
                Replacement(NetworkOf(service.Name), [.. users.Select(home => Target(
                    V1NetworkPolicy.KubeKind, $"to-{External}{service.Name}", home.Key, "spec.egress.0.to.0.ipBlock.cidr"))]),
            },
        });
    }

    /// <summary>What proves that the cluster keeps apart what is to be apart: applied when somebody wants to know, and taken away again.</summary>
    private void WriteProof()
    {
        var inside = Path.Combine(Components, KubernetesProof.Name);
        const string File = "jobs.yaml";
        WriteObjects(Path.Combine(inside, File), new KubernetesProof(zone).Describe());
        WriteKustomization(inside, "Component", new() { ["resources"] = new[] { File } });
    }

    /// <summary>What has cert-manager make the certificates, in place of the program for the secrets.</summary>
    private void WriteCertManager()
    {
        if (_certificates.Count == 0)
        {
            return;
        }

        var inside = Path.Combine(Components, KubernetesCertManager.Name);
        const string File = "certificates.yaml";
        var manager = new KubernetesCertManager(zone, _certificates);
        WriteObjects(Path.Combine(inside, File), manager.Describe());
        var replacements = manager.Settings.GroupBy(place => place.Setting).Select(places => Replacement(places.Key, [.. places.Select(place => Target(
            V1Certificate.KubeKind, place.Certificate.Secret, place.Certificate.Namespace, place.Field))])).ToArray();
        WriteKustomization(inside, "Component", replacements.Length == 0
            ? new() { ["resources"] = new[] { File } }
            : new() { ["resources"] = new[] { File }, ["replacements"] = replacements });
    }

    private void WriteEntry()
    {
        var path = Path.Combine(folder, Kustomization);
        if (File.Exists(path))
        {
            return;
        }

        var components = string.Concat(Replaceable.Select(service =>
            $"  - {Components}/{service.Name}\n  # A server of your own instead:\n  # - {Components}/{External}{service.Name}\n"));
        components += _certificates.Count == 0 ? "" : $"  # cert-manager makes the certificates inside, and not secrets.sh:\n  # - {Components}/{KubernetesCertManager.Name}\n";
        File.WriteAllText(path, $"""
            # This file is yours: publishing writes it once. What is in base/ and components/ is written anew each time; change it by patches here.
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
              - {Base}

            """.ReplaceLineEndings("\n") + (components.Length == 0 ? "" : $"components:\n{components}"));
    }

    private async Task WriteSettingsAsync(CancellationToken cancellationToken)
    {
        PublishedSetting[] own =
        [
            IngressClass,
            IngressNamespace,
            .. zone.Services.SelectMany(service => service.Outside).Select(outside => NetworkOf(outside.Name)),
            .. Replaceable.Select(service => NetworkOf(service.Name)),
        ];
        var settings = Settings().Concat(own).DistinctBy(setting => setting.Name).OrderBy(setting => setting.Name, StringComparer.Ordinal);
        await new VariableFile(Path.Combine(folder, Base, SettingsFile)) { SaysDefaults = true }.AddAsync(settings, cancellationToken);
    }

    private async Task WriteSecretsAsync(CancellationToken cancellationToken)
    {
        var needed = Settings().Concat(zone.Services.SelectMany(service => service.Outside).Select(outside => NetworkOf(outside.Name)))
            .Where(setting => setting.Default is null).DistinctBy(setting => setting.Name).OrderBy(setting => setting.Name, StringComparer.Ordinal);
        var secrets = new KubernetesSecrets([.. zone.Services.Select(service =>
            (zone.NamespaceOf(service), service.Name, _workloads[service].Secrets))], [.. needed], new(zone.Application, _certificates));
        var script = Path.Combine(folder, "secrets.sh");
        await File.WriteAllTextAsync(script, secrets.Script(), cancellationToken);
        var values = Path.Combine(folder, KubernetesSecrets.Values);
        await new VariableFile(values).AddAsync(secrets.Settings, cancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.SetUnixFileMode(values, Own);
            File.SetUnixFileMode(script, Own | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>What the model leaves to whoever deploys, and is no secret.</summary>
    private IEnumerable<PublishedSetting> Settings() => zone.Services.SelectMany(service => service.Settings).Append(host).Where(setting => !setting.IsSecret);

    private IEnumerable<IKubernetesObject> ObjectsOf(PublishedService service) =>
    [
        .. _workloads[service].DescribeNames(),
        .. _workloads[service].Describe(),
        .. _policies.LinesTo(service),
        .. service.Outside.Select(outside => _policies.Outside(outside.Name, outside.Port, NotSet, zone.NamespaceOf(service), [service.Name])),
    ];

    /// <summary>Those who wait for a service, and those who wait for what these do once.</summary>
    private IEnumerable<PublishedService> UsersOf(PublishedService service)
    {
        var direct = zone.Services.Where(other => other.Dependencies.Any(dependency => dependency.Service == service.Name)).ToArray();
        var once = direct.Where(other => other.IsOneShot).Select(other => other.Name).ToHashSet();
        return direct.Union(zone.Services.Where(other => other.Dependencies.Any(dependency => dependency.Until == PublishedCondition.Completed && once.Contains(dependency.Service))));
    }

    private IEnumerable<OrderedDictionary<string, object>> MapsOf(PublishedService service, string inside)
    {
        foreach (var (name, place, files) in _workloads[service].FileMaps)
        {
            foreach (var file in files)
            {
                Write(Path.Combine(inside, "config", name, NameOf(file)), file.Content.Write(literal => literal, _ => ""));
            }

            yield return Generator(name, zone.NamespaceOf(service), "files", [.. files.Select(file => $"config/{name}/{NameOf(file)}")]);
        }

        static string NameOf(PublishedFile file) => file.Path.Split('/')[^1];
    }

    private V1Ingress NewIngress()
    {
        const string Seconds = "30";
        var entry = zone.Entry;
        return new()
        {
            ApiVersion = $"{V1Ingress.KubeGroup}/{V1Ingress.KubeApiVersion}",
            Kind = V1Ingress.KubeKind,
            Metadata = new()
            {
                Name = entry.Name,
                NamespaceProperty = zone.NamespaceOf(entry),
                Labels = zone.Labels(entry.Name),
                // An Ingress says nothing about time: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#custom-timeouts.
                Annotations = new Dictionary<string, string>(
                [
                    new("nginx.ingress.kubernetes.io/proxy-connect-timeout", "5"),
                    new("nginx.ingress.kubernetes.io/proxy-read-timeout", Seconds),
                    new("nginx.ingress.kubernetes.io/proxy-send-timeout", Seconds),
                    .. EntryTls(),
                ]),
            },
            Spec = new()
            {
                IngressClassName = IngressClass.Default,
                Tls = [new() { Hosts = ["localhost"], SecretName = KubernetesSecrets.Certificate }],
                Rules =
                [
                    new()
                    {
                        Host = "localhost",
                        Http = new()
                        {
                            Paths = [new() { Path = "/", PathType = "Prefix", Backend = new() { Service = new() { Name = entry.Name, Port = new() { Number = entry.Ports[0] } } } }],
                        },
                    },
                ],
            },
        };
    }

    /// <summary>How ingress-nginx speaks TLS with the entry, and believes nobody else to be it:
    /// <see href="https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#backend-certificate-authentication"/>.</summary>
    private IEnumerable<KeyValuePair<string, string>> EntryTls() => KubernetesCertificate.OfEntry(zone) is not { } trust ? [] :
    [
        new("nginx.ingress.kubernetes.io/backend-protocol", "HTTPS"),
        new("nginx.ingress.kubernetes.io/proxy-ssl-secret", $"{trust.Namespace}/{trust.Secret}"),
        new("nginx.ingress.kubernetes.io/proxy-ssl-verify", "on"),
        new("nginx.ingress.kubernetes.io/proxy-ssl-name", zone.Entry.Name),
        new("nginx.ingress.kubernetes.io/proxy-ssl-server-name", "on"),
    ];

    private static PublishedSetting NetworkOf(string outside) => new(
        $"{outside.ToUpperInvariant().Replace('-', '_')}_NETWORK",
        $"The network of {outside}, as CIDR, if it is outside the cluster: 10.1.2.3/32",
        Default: null,
        IsSecret: false);

    private OrderedDictionary<string, object> Replacement(PublishedSetting setting, params object[] targets) => new()
    {
        ["source"] = new OrderedDictionary<string, object>
        {
            ["kind"] = "ConfigMap",
            ["name"] = KubernetesWorkload.Settings,
            ["namespace"] = zone.NamespaceOf(zone.Entry),
            ["fieldPath"] = $"data.{setting.Name}",
        },
        ["targets"] = targets,
    };

    private static OrderedDictionary<string, object> Target(string kind, string name, string inNamespace, params string[] fields) => new()
    {
        ["select"] = new OrderedDictionary<string, object> { ["kind"] = kind, ["name"] = name, ["namespace"] = inNamespace },
        ["fieldPaths"] = fields,
    };

    private static OrderedDictionary<string, object> Generator(string name, string inNamespace, string from, string[] files) =>
        new() { ["name"] = name, ["namespace"] = inNamespace, [from] = files };

    private void WriteKustomization(string inside, string kind, OrderedDictionary<string, object> content)
    {
        content.Insert(0, "apiVersion", kind == "Component" ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1");
        content.Insert(1, "kind", kind);
        Write(Path.Combine(inside, Kustomization), _yaml.Serialize(content));
    }

    private void WriteObjects(string path, IEnumerable<IKubernetesObject> objects) =>
        Write(path, string.Join("---\n", objects.Select(described => KubernetesYaml.Serialize(described).ReplaceLineEndings("\n").TrimEnd('\n') + "\n")));

    private void Write(string path, string content)
    {
        var full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }
}
