using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace NovaId.AppHost.Tests.Publishing.Kubernetes;

/// <summary>The manifests of a published zone with the example of a database server, read strictly.</summary>
internal sealed partial class KubernetesFiles
{
    private const string ProofName = "isolation-proof";

    /// <summary>What the client of Kubernetes does not know.</summary>
    private static readonly Dictionary<string, Type> Further = new()
    {
        ["cert-manager.io/v1/Certificate"] = typeof(V1Certificate),
        ["cert-manager.io/v1/ClusterIssuer"] = typeof(V1ClusterIssuer),
    };

    public KubernetesFiles(string folder)
    {
        Folder = Path.Combine(folder, "kubernetes");
        Kustomizations = [.. Directory.EnumerateFiles(Folder, "kustomization.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => (Path.GetDirectoryName(path)!, Read(path)))];
        Objects = [.. Kustomizations.Where(read => !IsOther(read.Folder)).SelectMany(read => Strings(read.File, "resources").Where(resource => resource.EndsWith(".yaml", StringComparison.Ordinal)), (read, resource) => Path.Combine(read.Folder, resource)).SelectMany(Load)];
    }

    public string Folder { get; }

    public IReadOnlyList<(string Folder, YamlMappingNode File)> Kustomizations { get; }

    /// <summary>Everything of the base and of the components, but for a server of one's own and the proof.</summary>
    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    public IEnumerable<V1NetworkPolicy> Policies => Objects.OfType<V1NetworkPolicy>();

    /// <summary>Every pod that is made, by what makes it.</summary>
    public IEnumerable<(IKubernetesObject<V1ObjectMeta> Owner, V1PodTemplateSpec Template)> Pods => PodsOf(Objects);

    /// <summary>The ConfigMaps that are generated: namespace, name, keys.</summary>
    public IEnumerable<(string Namespace, string Name, string[] Keys)> ConfigMaps =>
        from read in Kustomizations
        where read.File.Children.ContainsKey("configMapGenerator")
        from map in ((YamlSequenceNode)read.File["configMapGenerator"]).Cast<YamlMappingNode>()
        let files = Strings(map, "files").Select(file => Path.Combine(read.Folder, file)).ToArray()
        let variables = Strings(map, "envs").SelectMany(file => File.ReadAllLines(Path.Combine(read.Folder, file)))
        select (map["namespace"].ToString(), map["name"].ToString(), (string[])
        [
            .. files.Select(file => File.Exists(file) ? Path.GetFileName(file) : throw new FileNotFoundException(file)),
            .. variables.Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=')[0]),
        ]);

    /// <summary>The Secret objects that the program makes: namespace, name, keys.</summary>
    public IEnumerable<(string Namespace, string Name, string[] Keys)> Secrets =>
        MadeSecret().Matches(File.ReadAllText(Path.Combine(Folder, "secrets.sh")))
            .Select(made => (made.Groups["namespace"].Value, made.Groups["name"].Value, made.Groups["keys"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]).ToArray()))
            .Concat(Certificates.Select(made => (made.Namespace, made.Name, made.Names.Length > 0 ? (string[])["ca.crt", "tls.crt", "tls.key"] : ["ca.crt"])));

    /// <summary>The certificates that the program makes: namespace, name of the Secret, names of the server; none where it is no server.</summary>
    public IEnumerable<(string Namespace, string Name, string[] Names)> Certificates =>
        MadeCertificate().Matches(File.ReadAllText(Path.Combine(Folder, "secrets.sh")))
            .Select(made => (made.Groups["namespace"].Value, made.Groups["name"].Value, made.Groups["names"].Value.Replace("$(setting ", "$(", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>What has cert-manager make them.</summary>
    public IEnumerable<IKubernetesObject<V1ObjectMeta>> CertManager => Load(Path.Combine(Folder, "components", "cert-manager", "certificates.yaml"));

    /// <summary>The objects of the proof.</summary>
    public IEnumerable<IKubernetesObject<V1ObjectMeta>> Proof => Load(Path.Combine(Folder, "components", ProofName, "jobs.yaml"));

    public static bool IsOther(string folder) => Path.GetFileName(folder) is ProofName or "cert-manager" || Path.GetFileName(folder).StartsWith("external-", StringComparison.Ordinal);

    /// <summary>The pods that objects make, by what makes them.</summary>
    public static IEnumerable<(IKubernetesObject<V1ObjectMeta> Owner, V1PodTemplateSpec Template)> PodsOf(IEnumerable<IKubernetesObject<V1ObjectMeta>> objects) =>
        objects.Select(made => (made, made switch
        {
            V1Deployment deployment => deployment.Spec.Template,
            V1StatefulSet set => set.Spec.Template,
            V1Job job => job.Spec.Template,
            _ => null!,
        })).Where(pod => pod.Item2 is not null);

    public static string[] Strings(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var values) ? [.. ((YamlSequenceNode)values).Select(value => value.ToString())] : [];

    public static IEnumerable<IKubernetesObject<V1ObjectMeta>> Load(string path) =>
        KubernetesYaml.LoadAllFromString(File.ReadAllText(path), Further, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>();

    private static YamlMappingNode Read(string path)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(path)));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    [GeneratedRegex("^(certificate|trust) [^ $]+ (?<namespace>novaid[^ ]*) (?<name>[^ \n]+)(?<names>( (\"\\$\\(setting [A-Z_]+\\)\"|[^ \n]+))*)$", RegexOptions.Multiline)]
    private static partial Regex MadeCertificate();

    [GeneratedRegex("^secret (?<namespace>[^ ]+) (?<name>[^ ]+) <<EOF\n(?<keys>(?:(?!EOF\n).*\n)*)EOF$", RegexOptions.Multiline)]
    private static partial Regex MadeSecret();
}
