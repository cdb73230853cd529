using System.Globalization;
using k8s;
using k8s.Models;

namespace Aspire.Hosting.Networks;

/// <summary>
/// The proof that a cluster enforces the policies: Jobs that look from the place of every pod, of a pod of no name in every namespace, and of
/// everybody's namesake in a namespace that is none of the application's. Each asks every service, and a witness outside, and ends well only
/// if exactly what is to be reached is reached. See <see href="https://kubernetes.io/docs/concepts/workloads/controllers/job/"/>.
/// </summary>
internal sealed class KubernetesProof(KubernetesZone zone)
{
    /// <summary>What the proof is called: its folder, its Jobs, and the end of its namespace's name.</summary>
    public const string Name = "isolation-proof";

    private const string Witness = "witness";
    private const int WitnessPort = 8080;

    /// <summary>The user that owns nothing.</summary>
    private const long UserId = 65534;

    /// <summary>
    /// What the shell of BusyBox runs. It looks again where something differs: a service may still begin, and a plugin may close a pod a while
    /// after its start. A name that nobody knows proves nothing; only what whoever deploys may bring themselves (?) may be missing.
    /// </summary>
    private const string Script = """
        set -f
        cd /tmp
        ask() {
          seen=closed
          if ! timeout 9 nslookup "$2" > /dev/null 2>&1; then
            case $1 in *'?') return ;; esac
            seen=unknown
          elif nc -z -w 3 "$2" "$3" > /dev/null 2>&1; then
            seen=open
          fi
          [ "$seen" = "${1%'?'}" ] || echo "$2 $3 is $seen, and is to be ${1%'?'}"
        }
        for look in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
          sleep 3
          for line in "$@"; do
            ask $line &
          done > differences
          wait
          if [ ! -s differences ]; then
            echo "Look $look: all $# are as they are to be"
            exit 0
          fi
          echo "Look $look:"
          sort differences
        done
        exit 1
        """;

    private readonly string _outside = $"{zone.Application}-{Name}";

    /// <summary>The Jobs, and what stands outside for them.</summary>
    public IEnumerable<IKubernetesObject<V1ObjectMeta>> Describe() =>
    [
        zone.NewNamespace(_outside),
        NewWitnessName(),
        NewWitness(),
        .. zone.Services.Select(service => NewJob($"{Name}-{service.Name}", zone.NamespaceOf(service), service.Name, service)),
        .. zone.Namespaces.Select(home => NewJob(Name, home, Name, from: null)),
        .. zone.Services.Select(service => NewJob($"{Name}-{service.Name}", _outside, service.Name, from: null)),
    ];

    private V1Job NewJob(string name, string home, string label, PublishedService? from)
    {
        string[] lines =
        [
            .. zone.Services.SelectMany(target => target.Ports.Select(port => Line(
                from is not null && zone.CallersOf(target).Contains(from), target.IsReplaceable ? "?" : "", target.Name, zone.NamespaceOf(target), port))),
            // Nothing closes the witness: who does not reach it is not let out.
            Line(home == _outside, "", Witness, _outside, WitnessPort),
        ];
        return new()
        {
            ApiVersion = $"{V1Job.KubeGroup}/{V1Job.KubeApiVersion}",
            Kind = V1Job.KubeKind,
            Metadata = Metadata(name, home, label),
            Spec = new()
            {
                BackoffLimit = 0,
                ActiveDeadlineSeconds = 600,
                Template = NewPod(label, ["sh", "-c", KubernetesWorkload.Literal(Script.ReplaceLineEndings("\n")), Name, .. lines], "Never"),
            },
        };
    }

    private static string Line(bool isReached, string mark, string name, string home, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(isReached ? "open" : "closed")}{mark} {name}.{home}.svc.cluster.local {port}");

    private V1Service NewWitnessName() => new()
    {
        ApiVersion = V1Service.KubeApiVersion,
        Kind = V1Service.KubeKind,
        Metadata = Metadata(Witness, _outside, Witness),
        Spec = new() { Selector = Labels(Witness), Ports = [new() { Port = WitnessPort, TargetPort = WitnessPort, Protocol = "TCP" }] },
    };

    private V1Deployment NewWitness() => new()
    {
        ApiVersion = $"{V1Deployment.KubeGroup}/{V1Deployment.KubeApiVersion}",
        Kind = V1Deployment.KubeKind,
        Metadata = Metadata(Witness, _outside, Witness),
        Spec = new()
        {
            Replicas = 1,
            Selector = new() { MatchLabels = Labels(Witness) },
            Template = NewPod(Witness, ["httpd", "-f", "-p", WitnessPort.ToString(CultureInfo.InvariantCulture), "-h", "/tmp"], restart: null),
        },
    };

    private V1PodTemplateSpec NewPod(string label, IList<string> command, string? restart) => new()
    {
        Metadata = new() { Labels = Labels(label) },
        Spec = new()
        {
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            RestartPolicy = restart,
            TerminationGracePeriodSeconds = 0,
            SecurityContext = new() { RunAsNonRoot = true, RunAsUser = UserId, RunAsGroup = UserId, SeccompProfile = new() { Type = "RuntimeDefault" } },
            Containers =
            [
                new()
                {
                    Name = Name,
                    Image = ProofImageTags.Name,
                    ImagePullPolicy = "IfNotPresent",
                    Command = command,
                    VolumeMounts = [new() { Name = "tmp", MountPath = "/tmp" }],
                    Resources = new()
                    {
                        Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("10m"), ["memory"] = new("16Mi") },
                        Limits = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("1"), ["memory"] = new("64Mi") },
                    },
                    SecurityContext = new() { AllowPrivilegeEscalation = false, ReadOnlyRootFilesystem = true, RunAsNonRoot = true, Capabilities = new() { Drop = ["ALL"] } },
                },
            ],
            Volumes = [new() { Name = "tmp", EmptyDir = new() { SizeLimit = new("1Mi") } }],
        },
    };

    private V1ObjectMeta Metadata(string name, string home, string label) => new() { Name = name, NamespaceProperty = home, Labels = Labels(label) };

    /// <summary>Policies know a pod by its service alone; Services and Deployments know theirs by more.</summary>
    private Dictionary<string, string> Labels(string label)
    {
        var labels = zone.Labels(label);
        labels[KubernetesZone.ComponentLabel] = Name;
        return labels;
    }
}
