using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace Aspire.Hosting.Networks;

/// <summary>What runs of a service in a cluster: its pods, and what keeps them running.</summary>
internal sealed partial class KubernetesWorkload
{
    /// <summary>The ConfigMap of a namespace with every setting that is no secret.</summary>
    public const string Settings = "settings";

    private const string Server = "server";
    private const string Once = "once";
    private const string Data = "data";
    private const string Certificates = "certificates";

    /// <summary>How long a pod goes on answering after it has been told to end: as long as the cluster takes to lead nobody there any more.</summary>
    private const int SecondsToDrain = 10;

    private const int SecondsToEnd = 60;
    private const int Readable = 0b100_100_000;

    private readonly KubernetesZone _zone;
    private readonly PublishedService _service;
    private readonly string _namespace;
    private readonly KubernetesCertificate? _certificate;
    private readonly List<V1EnvVar> _environment;
    private readonly List<string> _arguments;
    private readonly OrderedDictionary<string, PublishedText> _secrets = [];

    public KubernetesWorkload(KubernetesZone zone, PublishedService service)
    {
        (_zone, _service, _namespace, _certificate) = (zone, service, zone.NamespaceOf(service), KubernetesCertificate.Of(zone, service));
        var variables = service.Environment.Select(variable => VariableOf(variable.Key, variable.Value)).ToList();
        _arguments = [.. service.Arguments.Select(ArgumentOf)];
        // What stands in other values has to stand before them: https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/.
        var parts = service.Environment.Values.Where(text => !IsSecret(text) && !IsOneSetting(text)).Concat(service.Arguments)
            .SelectMany(text => text.Settings).DistinctBy(setting => setting.Name);
        _environment = [.. parts.Select(setting => Part(setting, variables)).OfType<V1EnvVar>(), .. variables];
        foreach (var file in service.Files.Where(file => file.Content.Settings.Any()))
        {
            var setting = file.Content.Settings.First();
            if (!IsOneSetting(file.Content) || !setting.IsSecret)
            {
                throw new DistributedApplicationException(
                    $"{file.Path} of '{service.Name}' is a text with settings in it, which Kubernetes does not fill in. Make the file one secret parameter, or give the settings by the environment.");
            }

            AddSecret(setting.Name, file.Content);
        }
    }

    /// <summary>The keys of the service's Secret and what stands there.</summary>
    public IReadOnlyDictionary<string, PublishedText> Secrets => _secrets;

    /// <summary>The ConfigMaps of its files: a name, the folder inside, and the files.</summary>
    public IEnumerable<(string Name, string Folder, IReadOnlyList<PublishedFile> Files)> FileMaps =>
        from file in _service.Files
        where !file.Content.Settings.Any()
        group file by FolderOf(file.Path) into folder
        select (MapOf(folder.Key), folder.Key, (IReadOnlyList<PublishedFile>)[.. folder]);

    /// <summary>The settings that its image is; null if the model says the image.</summary>
    public PublishedSetting? ImageSetting => _service.Image.Settings.FirstOrDefault();

    /// <summary>Everything that runs, and what is said about how it may be stopped.</summary>
    public IEnumerable<k8s.IKubernetesObject<V1ObjectMeta>> Describe()
    {
        if (_service.IsOneShot)
        {
            yield return DescribeJob();
            yield break;
        }

        yield return _service.Volumes.Count > 0 ? DescribeSet() : DescribeDeployment(Server, _service.Instances, _arguments, isServing: true);
        if (_service.OnceArguments.Count > 0)
        {
            yield return DescribeDeployment(Once, replicas: 1, [.. _service.OnceArguments.Select(ArgumentOf)], isServing: false);
        }

        if (_service.Instances > 1)
        {
            yield return new V1PodDisruptionBudget
            {
                ApiVersion = $"{V1PodDisruptionBudget.KubeGroup}/{V1PodDisruptionBudget.KubeApiVersion}",
                Kind = V1PodDisruptionBudget.KubeKind,
                Metadata = Metadata(_service.Name),
                Spec = new() { MaxUnavailable = 1, Selector = new() { MatchLabels = PodLabels(Server) }, UnhealthyPodEvictionPolicy = "AlwaysAllow" },
            };
        }
    }

    /// <summary>The names under which it is reached: in its own namespace, and in that of each who reaches it.</summary>
    public IEnumerable<V1Service> DescribeNames()
    {
        if (_service.Ports.Count == 0)
        {
            yield break;
        }

        yield return NewService(_namespace, new()
        {
            Selector = PodLabels(Server),
            Ports =
            [
                .. _service.Ports.Select(port => new V1ServicePort
                {
                    Name = string.Create(CultureInfo.InvariantCulture, $"tcp-{port}"),
                    Port = port,
                    TargetPort = port,
                    Protocol = "TCP",
                    AppProtocol = _service.HttpsPorts.Contains(port) ? Uri.UriSchemeHttps : null,
                }),
            ],
        });
        foreach (var (home, _) in _zone.CallersByNamespaceOf(_service).Where(callers => callers.Namespace != _namespace))
        {
            // A name is looked for in the pod's own namespace first, and nowhere else if it is there: nobody outside is asked for it.
            yield return NewService(home, new() { Type = "ExternalName", ExternalName = $"{_service.Name}.{_namespace}.svc.cluster.local" });
        }
    }

    private V1Job DescribeJob() => new()
    {
        ApiVersion = $"{V1Job.KubeGroup}/{V1Job.KubeApiVersion}",
        Kind = V1Job.KubeKind,
        Metadata = new()
        {
            Name = _service.Name,
            NamespaceProperty = _namespace,
            Labels = _zone.Labels(_service.Name),
            // A Job cannot be changed, so that these make it anew: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/ and
            // https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources.
            Annotations = new Dictionary<string, string>
            {
                ["argocd.argoproj.io/sync-options"] = "Force=true,Replace=true",
                ["kustomize.toolkit.fluxcd.io/force"] = "Enabled",
            },
        },
        Spec = new() { BackoffLimit = 20, Template = Template(Once, _arguments, isServing: false, restart: "OnFailure") },
    };

    private V1Deployment DescribeDeployment(string component, int replicas, IReadOnlyList<string> arguments, bool isServing) => new()
    {
        ApiVersion = $"{V1Deployment.KubeGroup}/{V1Deployment.KubeApiVersion}",
        Kind = V1Deployment.KubeKind,
        Metadata = Metadata(component == Server ? _service.Name : $"{_service.Name}-{component}"),
        Spec = new()
        {
            Replicas = replicas,
            Selector = new() { MatchLabels = PodLabels(component) },
            Strategy = replicas > 1
                ? new() { Type = "RollingUpdate", RollingUpdate = new() { MaxUnavailable = 0, MaxSurge = 1 } }
                // Two at a time could do twice what is to be done once.
                : new() { Type = "Recreate" },
            Template = Template(component, arguments, isServing),
        },
    };

    private V1StatefulSet DescribeSet() => new()
    {
        ApiVersion = $"{V1StatefulSet.KubeGroup}/{V1StatefulSet.KubeApiVersion}",
        Kind = V1StatefulSet.KubeKind,
        Metadata = Metadata(_service.Name),
        Spec = new()
        {
            Replicas = _service.Instances,
            ServiceName = _service.Name,
            Selector = new() { MatchLabels = PodLabels(Server) },
            Template = Template(Server, _arguments, isServing: true),
            VolumeClaimTemplates =
            [
                .. _service.Volumes.Select((_, i) => new V1PersistentVolumeClaim
                {
                    Metadata = new() { Name = VolumeName(Data, i) },
                    Spec = new() { AccessModes = ["ReadWriteOnce"], Resources = new() { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("10Gi") } } },
                }),
            ],
        },
    };

    private V1PodTemplateSpec Template(string component, IReadOnlyList<string> arguments, bool isServing, string? restart = null)
    {
        var labels = PodLabels(component);
        labels[KubernetesZone.ApplicationLabel] = _zone.Application;
        var container = NewContainer(_service.Name);
        container.Command = _service.Entrypoint is { } entrypoint ? [Literal(entrypoint)] : null;
        container.Args = arguments.Count > 0 ? [.. arguments] : null;
        if (isServing)
        {
            container.Ports = _service.Ports.Count > 0 ? [.. _service.Ports.Select(port => new V1ContainerPort { ContainerPort = port, Protocol = "TCP" })] : null;
            container.Lifecycle = new() { PreStop = new() { Sleep = new() { Seconds = SecondsToDrain } } };
            (container.StartupProbe, container.ReadinessProbe, container.LivenessProbe) = (Ready(2, 90), Ready(5, 2), Alive());
        }

        return new()
        {
            Metadata = new() { Labels = labels },
            Spec = new()
            {
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                RestartPolicy = restart,
                TerminationGracePeriodSeconds = isServing ? SecondsToEnd : null,
                SecurityContext = new()
                {
                    RunAsNonRoot = true,
                    RunAsUser = _service.UserId,
                    RunAsGroup = _service.UserId,
                    FsGroup = _service.UserId,
                    FsGroupChangePolicy = "OnRootMismatch",
                    SeccompProfile = new() { Type = "RuntimeDefault" },
                },
                Affinity = isServing && _service.Instances > 1 ? Apart(labels) : null,
                InitContainers = Waits() is { Count: > 0 } waits ? waits : null,
                Containers = [container],
                Volumes = [.. Volumes()],
            },
        };
    }

    /// <summary>Has the instances run on different machines, where there are several.</summary>
    private static V1Affinity Apart(IDictionary<string, string> labels) => new()
    {
        PodAntiAffinity = new()
        {
            PreferredDuringSchedulingIgnoredDuringExecution =
            [
                new() { Weight = 100, PodAffinityTerm = new() { TopologyKey = "kubernetes.io/hostname", LabelSelector = new() { MatchLabels = labels } } },
            ],
        },
    };

    /// <summary>A pod asks by itself whether what has to come first is done: it may be started again at any time.</summary>
    private List<V1Container> Waits()
    {
        var waits = new List<V1Container>();
        foreach (var dependency in _service.Dependencies.Where(dependency => dependency.Until == PublishedCondition.Completed))
        {
            if (_zone.Services.First(service => service.Name == dependency.Service).DoneCommand is { } command)
            {
                var container = NewContainer($"wait-for-{dependency.Service}");
                (container.Command, container.Args) = (["sh"], ["-c", Literal(command)]);
                waits.Add(container);
            }
            else if (!_service.IsOneShot)
            {
                // What runs once fails, and is tried again.
                throw new DistributedApplicationException(
                    $"'{_service.Name}' waits until '{dependency.Service}' is done, and nobody says how it finds out. Say .DoneWhen(…) of '{dependency.Service}'.");
            }
        }

        return waits;
    }

    private V1Container NewContainer(string name) => new()
    {
        Name = name,
        Image = ImageSetting?.Name ?? PinnedImage(),
        ImagePullPolicy = _service.PullPolicy switch
        {
            ImagePullPolicy.Always => "Always",
            ImagePullPolicy.Never => "Never",
            _ => "IfNotPresent",
        },
        Env = _environment.Count > 0 ? [.. _environment] : null,
        VolumeMounts = [.. Mounts()],
        Resources = new()
        {
            Requests = new Dictionary<string, ResourceQuantity>
            {
                ["cpu"] = new(string.Create(CultureInfo.InvariantCulture, $"{_service.Needs.Processor}m")),
                ["memory"] = Mebibytes(_service.Needs.Memory),
            },
            Limits = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("2"), ["memory"] = Mebibytes(_service.Needs.MemoryLimit) },
        },
        SecurityContext = new()
        {
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = true,
            RunAsNonRoot = true,
            Capabilities = new() { Drop = ["ALL"] },
        },
    };

    private string PinnedImage()
    {
        var image = _service.Image.Write(literal => literal, _ => "");
        var tag = Tag().Match(image);
        return tag.Success && tag.Groups["tag"].Value != "latest"
            ? image
            : throw new DistributedApplicationException($"The image '{image}' of '{_service.Name}' has no tag that stays what it is. Say .WithImageTag(…).");
    }

    private IEnumerable<V1VolumeMount> Mounts() =>
    [
        .. _service.WritableFolders.Select((folder, i) => new V1VolumeMount { Name = VolumeName("writable", i), MountPath = folder }),
        .. FileFolders().Select((folder, i) => new V1VolumeMount { Name = VolumeName("files", i), MountPath = folder, ReadOnlyProperty = true }),
        .. _certificate is null ? (V1VolumeMount[])[] : [new() { Name = Certificates, MountPath = CertificateFiles.Folder, ReadOnlyProperty = true }],
        .. _service.Volumes.Select((volume, i) => new V1VolumeMount { Name = VolumeName(Data, i), MountPath = volume.Path, ReadOnlyProperty = volume.IsReadOnly ? true : null }),
    ];

    private IEnumerable<V1Volume> Volumes() =>
    [
        .. _service.WritableFolders.Select((_, i) => new V1Volume { Name = VolumeName("writable", i), EmptyDir = new() { SizeLimit = Mebibytes(64) } }),
        .. FileFolders().Select((folder, i) => new V1Volume { Name = VolumeName("files", i), Projected = new() { DefaultMode = Readable, Sources = [.. SourcesOf(folder)] } }),
        .. _certificate is null ? (V1Volume[])[] :
        [
            new()
            {
                Name = Certificates,
                Secret = new()
                {
                    SecretName = _certificate.Secret,
                    DefaultMode = Readable,
                    Items = [.. _certificate.Files.Select(file => new V1KeyToPath { Key = file, Path = file })],
                },
            },
        ],
    ];

    private IEnumerable<string> FileFolders() => _service.Files.Select(file => FolderOf(file.Path)).Distinct();

    private IEnumerable<V1VolumeProjection> SourcesOf(string folder)
    {
        var files = _service.Files.Where(file => FolderOf(file.Path) == folder).ToArray();
        if (files.Any(file => !file.Content.Settings.Any()))
        {
            yield return new() { ConfigMap = new() { Name = MapOf(folder) } };
        }

        foreach (var file in files.Where(file => file.Content.Settings.Any()))
        {
            yield return new()
            {
                Secret = new() { Name = _service.Name, Items = [new() { Key = file.Content.Settings.First().Name, Path = file.Path.Split('/')[^1] }] },
            };
        }
    }

    private V1Probe? Ready(int period, int failures)
    {
        var probe = _service.Ready is { } ready ? Ask(ready)
            // The shell of a probe gets its command as it stands here.
            : _service.HealthCommand is { } command ? new V1Probe { Exec = new() { Command = ["sh", "-c", command] } }
            : Connect();
        return probe is null ? null : With(probe, period, failures);
    }

    /// <summary>Whether it runs: what fails because another does is not started again for it.</summary>
    private V1Probe? Alive() => (_service.Alive is { } alive ? Ask(alive) : Connect()) is { } probe ? With(probe, period: 10, failures: 6) : null;

    private V1Probe? Connect() => _service.Ports.Count > 0 ? new() { TcpSocket = new() { Port = _service.Ports[0] } } : null;

    private static V1Probe Ask(PublishedQuestion question) => new()
    {
        HttpGet = new() { Port = question.Port, Path = question.Path, Scheme = question.IsOverTls ? "HTTPS" : null },
    };

    private static V1Probe With(V1Probe probe, int period, int failures)
    {
        (probe.PeriodSeconds, probe.FailureThreshold, probe.TimeoutSeconds) = (period, failures, 4);
        return probe;
    }

    private V1EnvVar VariableOf(string name, PublishedText text)
    {
        if (IsSecret(text))
        {
            AddSecret(name, text);
            return new() { Name = name, ValueFrom = new() { SecretKeyRef = new() { Name = _service.Name, Key = name } } };
        }

        return IsOneSetting(text) ? FromSettings(name, text.Settings.First()) : new() { Name = name, Value = text.Write(Literal, setting => $"$({setting.Name})") };
    }

    /// <summary>The variable for a setting that stands in other values; null if there is one of that name and meaning.</summary>
    private V1EnvVar? Part(PublishedSetting setting, List<V1EnvVar> variables)
    {
        if (variables.FirstOrDefault(variable => variable.Name == setting.Name) is not { } same)
        {
            return FromSettings(setting.Name, setting);
        }

        if (same.ValueFrom?.ConfigMapKeyRef?.Key != setting.Name)
        {
            throw new DistributedApplicationException($"'{_service.Name}' has a variable {setting.Name}, and a setting of that name stands in others of its values. Call one of them otherwise.");
        }

        variables.Remove(same);
        return same;
    }

    private string ArgumentOf(PublishedText text) => IsSecret(text)
        ? throw new DistributedApplicationException($"A secret stands in an argument of '{_service.Name}', where every process of the machine may read it. Give it by the environment or as a file.")
        : text.Write(Literal, setting => $"$({setting.Name})");

    private static V1EnvVar FromSettings(string name, PublishedSetting setting) =>
        new() { Name = name, ValueFrom = new() { ConfigMapKeyRef = new() { Name = Settings, Key = setting.Name } } };

    private void AddSecret(string key, PublishedText text)
    {
        if (_secrets.TryGetValue(key, out var other) && Words(other) != Words(text))
        {
            throw new DistributedApplicationException($"'{_service.Name}' takes two secrets as {key}. Call one of them otherwise.");
        }

        _secrets[key] = text;
    }

    /// <summary>Text in which no variable is looked for: <see href="https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/"/>.</summary>
    public static string Literal(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    private static string Words(PublishedText text) => text.Write(literal => literal, setting => $"\0{setting.Name}\0");

    private static bool IsSecret(PublishedText text) => text.Settings.Any(setting => setting.IsSecret);

    private static bool IsOneSetting(PublishedText text) => text.Settings.Count() == 1 && text.Write(literal => literal, _ => "").Length == 0;

    private static string FolderOf(string path) => path[..path.LastIndexOf('/')];

    private string MapOf(string folder) => $"{_service.Name}{folder.Replace('/', '-')}";

    private static string VolumeName(string kind, int index) => index == 0 ? kind : string.Create(CultureInfo.InvariantCulture, $"{kind}-{index}");

    private static ResourceQuantity Mebibytes(int amount) => new(string.Create(CultureInfo.InvariantCulture, $"{amount}Mi"));

    private V1Service NewService(string inNamespace, V1ServiceSpec spec) => new()
    {
        ApiVersion = V1Service.KubeApiVersion,
        Kind = V1Service.KubeKind,
        Metadata = new() { Name = _service.Name, NamespaceProperty = inNamespace, Labels = _zone.Labels(_service.Name) },
        Spec = spec,
    };

    private V1ObjectMeta Metadata(string name) => new() { Name = name, NamespaceProperty = _namespace, Labels = _zone.Labels(_service.Name) };

    private Dictionary<string, string> PodLabels(string component) => new() { [KubernetesZone.NameLabel] = _service.Name, [KubernetesZone.ComponentLabel] = component };

    [GeneratedRegex(":(?<tag>[^:/]+)$")]
    private static partial Regex Tag();
}
