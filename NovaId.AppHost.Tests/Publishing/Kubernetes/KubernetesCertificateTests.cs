using System.Security.Cryptography.X509Certificates;
using k8s.Models;
using NovaId.AppHost.Tests.Zones;

namespace NovaId.AppHost.Tests.Publishing.Kubernetes;

/// <summary>The certificates on Kubernetes: who mounts which, and who makes them.</summary>
public sealed class KubernetesCertificateTests(PublishedZoneFixture zone) : IClassFixture<PublishedZoneFixture>, IDisposable
{
    /// <summary>A cluster that knows Secret objects: each is a folder with a file for each key.</summary>
    private const string Cluster = """
        #!/bin/sh
        set -eu
        secrets=$(dirname "$0")/secrets
        namespace=
        name=
        verb=$1
        form=
        all=$*
        shift
        while [ $# -gt 0 ]; do
          case $1 in
            --namespace) namespace=$2; shift ;;
            --output) form=$2; shift ;;
            --type) shift ;;
            --filename) shift ;;
            --from-file=ca.crt=*|--from-file=tls.*) ;;
            secret|generic|--*) ;;
            *) name=$1 ;;
          esac
          shift
        done
        case $verb in
          apply) exit 0 ;;
          get)
            [ -d "$secrets/$namespace/$name" ] || exit 1
            case $form in
              *cert-manager*) cat "$secrets/$namespace/$name/manager" 2> /dev/null || : ;;
              jsonpath=*) base64 -w 0 < "$secrets/$namespace/$name/$(printf '%s' "$form" | sed 's/jsonpath={.data.//; s/}$//; s/\\//g')" ;;
            esac ;;
          create|replace)
            case $all in
              *--dry-run=client*)
                printf '%s %s\n' "$namespace" "$name"
                for word in $all; do
                  case $word in --from-file=*) file=${word#--from-file=}; printf '%s %s\n' "${file%%=*}" "$(base64 -w 0 < "${file#*=}")" ;; esac
                done ;;
              *--filename*)
                read -r namespace name
                mkdir -p "$secrets/$namespace/$name"
                while read -r key value; do printf '%s' "$value" | base64 -d > "$secrets/$namespace/$name/$key"; done ;;
              *) cat > /dev/null; mkdir -p "$secrets/$namespace/$name" ;;
            esac ;;
        esac
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("novaid-certificates-");

    private KubernetesFiles Files => field ??= new(zone.Folder);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_pod_finds_what_the_model_gives_it_where_its_program_looks_and_nobody_elses_key()
    {
        foreach (var (owner, template) in Files.Pods)
        {
            var name = template.Metadata.Labels["app.kubernetes.io/name"];
            var given = zone.Model.Single(resource => resource.Name == name).Annotations.OfType<CertificateFilesAnnotation>().SingleOrDefault();
            var volume = template.Spec.Volumes.SingleOrDefault(volume => volume.Secret is not null);

            Assert.Equal(given is null, volume is null);
            if (given is null || volume is null)
            {
                continue;
            }

            var isServer = given.Names.Count > 0;
            Assert.Equal(isServer ? $"{name}-tls" : "authority-ca", volume.Secret.SecretName);
            Assert.Equal(isServer ? ["ca.crt", "tls.crt", "tls.key"] : ["ca.crt"], volume.Secret.Items.Select(item => item.Key));
            Assert.All(volume.Secret.Items, item => Assert.Equal(item.Key, item.Path));
            // Root's and the group's, of which the pod's user is the only member.
            Assert.Equal((0b100_100_000, template.Spec.SecurityContext.RunAsUser), (volume.Secret.DefaultMode, template.Spec.SecurityContext.FsGroup));
            Assert.All(
                [.. template.Spec.Containers, .. template.Spec.InitContainers ?? []],
                container => Assert.Equal((CertificateFiles.Folder, true), container.VolumeMounts.Where(mount => mount.Name == volume.Name).Select(mount => (mount.MountPath, mount.ReadOnlyProperty)).Single()));
            Assert.NotNull(owner);
        }
    }

    [Fact]
    public void Cert_manager_makes_the_same_certificates_as_the_program()
    {
        var objects = Files.CertManager.ToArray();
        var certificates = objects.OfType<V1Certificate>().Where(certificate => certificate.Spec.IsCA is not true).ToArray();

        Assert.Equal(
            Files.Certificates.Select(made => $"{made.Namespace} {made.Name} {string.Join(' ', made.Names.Select(name => name.StartsWith('"') ? "localhost" : name))}".TrimEnd()).Order(),
            certificates.Select(made => $"{made.Metadata.NamespaceProperty} {made.Spec.SecretName} {(made.Spec.Usages!.Contains("server auth") ? string.Join(' ', made.Spec.DnsNames!) : "")}".TrimEnd()).Order());
        Assert.All(certificates, made =>
        {
            Assert.Equal(("ECDSA", 256), (made.Spec.PrivateKey!.Algorithm, made.Spec.PrivateKey.Size));
            var isReadOnce = made.Spec.SecretName is "oathkeeper-tls" or "mail-tls";
            Assert.Equal(isReadOnce ? ("720h0m0s", "240h0m0s") : ("72h0m0s", "24h0m0s"), (made.Spec.Duration, made.Spec.RenewBefore));
            Assert.Contains(objects.OfType<V1ClusterIssuer>(), issuer => issuer.Metadata.Name == made.Spec.IssuerRef!.Name && issuer.Spec.Ca?.SecretName == "novaid-authority");
        });
        var authority = Assert.Single(objects.OfType<V1Certificate>(), certificate => certificate.Spec.IsCA is true);
        Assert.Equal(("cert-manager", "novaid-authority"), (authority.Metadata.NamespaceProperty, authority.Spec.SecretName));
        Assert.NotNull(objects.OfType<V1ClusterIssuer>().Single(issuer => issuer.Metadata.Name == authority.Spec.IssuerRef!.Name).Spec.SelfSigned);
    }

    [Fact]
    public async Task The_program_makes_certificates_that_count_once_and_again_only_where_they_do_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It is a program of the shell.");
        await PrepareAsync();

        await RunAsync();
        var made = Files.Certificates.ToArray();
        var first = made.ToDictionary(certificate => certificate, Read);
        Assert.Equal(12, made.Length);
        using (var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder.FullName, "authority.crt")))
        {
            foreach (var certificate in made.Where(certificate => certificate.Names.Length > 0))
            {
                using var server = X509Certificate2.CreateFromPemFile(PathOf(certificate, "tls.crt"), PathOf(certificate, "tls.key"));
                string[] names = [.. certificate.Names.Select(name => name.StartsWith('"') ? "id.example.org" : name)];

                Assert.Null(CertificateAuthority.Refusal(authority, server, names));
                Assert.Equal(names.Order(), server.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames().Order());
                Assert.InRange(server.NotAfter - server.NotBefore, TimeSpan.FromDays(89), TimeSpan.FromDays(91));
            }

            Assert.All(made, certificate => Assert.Equal(File.ReadAllText(Path.Combine(_folder.FullName, "authority.crt")), File.ReadAllText(PathOf(certificate, "ca.crt"))));
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.FullName, "authority.key")));
        }

        await RunAsync();
        Assert.All(made, certificate => Assert.Equal(first[certificate], Read(certificate)));

        var (foreign, other, managed) = (Of("kratos-tls"), Of("hydra-tls"), Of("api-tls"));
        using (var stranger = CertificateAuthority.Create("stranger"))
        {
            await WriteAsync(foreign, stranger.Issue(["kratos"], TimeSpan.FromDays(30)));
        }

        File.Copy(PathOf(Of("postgres-tls"), "tls.crt"), PathOf(other, "tls.crt"), overwrite: true);
        await File.WriteAllTextAsync(PathOf(managed, "manager"), "api-tls", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(PathOf(managed, "tls.crt"), "cert-manager's", TestContext.Current.CancellationToken);
        await RunAsync();
        Assert.Equal("cert-manager's", Read(managed));
        Assert.NotEqual(first[foreign], Read(foreign));
        Assert.NotEqual(first[other], Read(other));
        Assert.Equal(first[Of("accounts-tls")], Read(Of("accounts-tls")));

        (string Namespace, string Name, string[] Names) Of(string name) => made.Single(certificate => certificate.Name == name);
    }

    [Fact]
    public async Task The_program_leaves_certificates_to_cert_manager_where_that_is_chosen()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It is a program of the shell.");
        await PrepareAsync();
        var entry = Path.Combine(_folder.FullName, "kustomization.yaml");
        await File.WriteAllTextAsync(entry, (await File.ReadAllTextAsync(entry, TestContext.Current.CancellationToken)).Replace("# - components/cert-manager", "- components/cert-manager", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        await RunAsync();

        Assert.All(Files.Certificates, certificate => Assert.False(File.Exists(PathOf(certificate, "ca.crt"))));
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "authority.key")));
    }

    /// <summary>What is published, with every value given, beside a cluster.</summary>
    private async Task PrepareAsync()
    {
        foreach (var file in (string[])["secrets.sh", "kustomization.yaml", "secrets.env", "base/settings.env", "base/namespaces.yaml"])
        {
            var path = Path.Combine(_folder.FullName, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(Path.Combine(Files.Folder, file), path);
        }

        var settings = Path.Combine(_folder.FullName, "base", "settings.env");
        var lines = (await File.ReadAllLinesAsync(settings, TestContext.Current.CancellationToken)).Select(line => line.StartsWith("GATEWAY_HOST=", StringComparison.Ordinal) ? "GATEWAY_HOST=id.example.org" : line.EndsWith('=') ? $"{line}x" : line);
        await File.WriteAllLinesAsync(settings, lines, TestContext.Current.CancellationToken);
        var values = Path.Combine(_folder.FullName, "secrets.env");
        var given = (await File.ReadAllLinesAsync(values, TestContext.Current.CancellationToken)).Select(line => line is "SIGNING_KEY=" or "API_DATABASE=" ? $"{line}x" : line);
        await File.WriteAllLinesAsync(values, given, TestContext.Current.CancellationToken);
        var cluster = Path.Combine(_folder.FullName, "kubectl");
        await File.WriteAllTextAsync(cluster, Cluster.ReplaceLineEndings("\n"), TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(cluster, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private async Task RunAsync()
    {
        var (code, said) = await Docker.CommandAsync("sh", "-c", $"PATH='{_folder.FullName}':$PATH exec sh '{_folder.FullName}/secrets.sh'");
        Assert.True(code == 0, said);
    }

    private string PathOf((string Namespace, string Name, string[] Names) certificate, string file) => Path.Combine(_folder.FullName, "secrets", certificate.Namespace, certificate.Name, file);

    private string Read((string Namespace, string Name, string[] Names) certificate) => File.ReadAllText(PathOf(certificate, certificate.Names.Length > 0 ? "tls.crt" : "ca.crt"));

    private async Task WriteAsync((string Namespace, string Name, string[] Names) certificate, IssuedCertificate issued)
    {
        await File.WriteAllTextAsync(PathOf(certificate, "tls.crt"), issued.CertificatePem, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(PathOf(certificate, "tls.key"), issued.KeyPem, TestContext.Current.CancellationToken);
    }
}
