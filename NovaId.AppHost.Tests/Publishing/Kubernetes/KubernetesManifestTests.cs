using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace NovaId.AppHost.Tests.Publishing.Kubernetes;

public sealed partial class KubernetesManifestTests(PublishedZoneFixture zone) : IClassFixture<PublishedZoneFixture>
{
    private const string Prefix = "novaid";

    private KubernetesFiles Files => field ??= new(zone.Folder);

    [Fact]
    public void Every_file_is_used_and_every_key_in_it_is_one_that_the_cluster_knows()
    {
        foreach (var (folder, file) in Files.Kustomizations)
        {
            var listed = KubernetesFiles.Strings(file, "resources").Concat(KubernetesFiles.Strings(file, "components"));
            var entries = listed.Select(entry => Path.GetFullPath(entry, folder)).ToArray();

            Assert.All(entries, entry => Assert.True(File.Exists(entry) || Directory.Exists(entry), entry));
            Assert.All(
                Directory.EnumerateFiles(folder, "*.yaml").Where(path => Path.GetFileName(path) != "kustomization.yaml"),
                path => Assert.Contains(path, entries));
            foreach (var path in entries.Where(File.Exists))
            {
                Assert.All(KubernetesFiles.Load(path), read => Assert.NotNull(read.Metadata.Name));
            }
        }

        Assert.NotEmpty(Files.Objects);
        Assert.Distinct(Files.Objects.Select(read => $"{read.Kind} {read.Metadata.NamespaceProperty}/{read.Metadata.Name}"));
    }

    [Fact]
    public void Each_network_is_a_namespace_and_who_stands_on_several_has_one_of_its_own()
    {
        foreach (var (owner, template) in Files.Pods)
        {
            var networks = Resource(NameOf(template)).Annotations.OfType<NetworkAttachmentAnnotation>().Select(attachment => attachment.Network.Name).ToArray();

            Assert.Equal($"{Prefix}-{(networks.Length == 1 ? networks[0] : NameOf(template))}", owner.Metadata.NamespaceProperty);
        }

        var networksOfOne = zone.Model.OfType<ContainerNetworkResource>().Select(network => $"{Prefix}-{network.Name}");
        Assert.Equal(networksOfOne.Append($"{Prefix}-oathkeeper").Order(), Files.Objects.OfType<V1Namespace>().Select(made => made.Metadata.Name).Order());
    }

    [Fact]
    public void Every_namespace_takes_only_pods_that_are_restricted_and_every_pod_is()
    {
        foreach (var made in Files.Objects.OfType<V1Namespace>())
        {
            Assert.All((string[])["enforce", "audit", "warn"], mode => Assert.Equal("restricted", made.Metadata.Labels[$"pod-security.kubernetes.io/{mode}"]));
        }

        Assert.All(Files.Pods, pod => Assert.Empty(PodSecurity.Violations(pod.Template.Spec)));
    }

    [Fact]
    public void No_pod_has_a_token_or_writes_to_its_image_or_takes_more_than_is_said()
    {
        Assert.All(Files.Pods, pod =>
        {
            var spec = pod.Template.Spec;
            Assert.False(spec.AutomountServiceAccountToken);
            // Otherwise the address of every service is in the environment, where Ory's programs read their configuration.
            Assert.False(spec.EnableServiceLinks);
            Assert.NotEqual(0, spec.SecurityContext.RunAsUser ?? 0);
            Assert.All([.. spec.Containers, .. spec.InitContainers ?? []], container =>
            {
                Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
                Assert.All((string[])["cpu", "memory"], what => Assert.True(container.Resources.Requests.ContainsKey(what) && container.Resources.Limits.ContainsKey(what)));
                Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp" && spec.Volumes.Single(volume => volume.Name == mount.Name).EmptyDir is not null);
            });
        });
    }

    [Fact]
    public void Every_image_has_a_tag_that_stays_or_is_for_whoever_deploys_to_name()
    {
        var named = File.ReadAllLines(Path.Combine(Files.Folder, "base", "settings.env")).Select(line => line.Split('=')[0]).ToHashSet();
        var images = Files.Pods.SelectMany(pod => pod.Template.Spec.Containers.Concat(pod.Template.Spec.InitContainers ?? [])).Select(container => container.Image).Distinct().ToArray();

        Assert.All(images, image => Assert.True(named.Contains(image) || Pinned().IsMatch(image), image));
        foreach (var image in images.Where(named.Contains))
        {
            Assert.Contains($"need {image} ", File.ReadAllText(Path.Combine(Files.Folder, "secrets.sh")), StringComparison.Ordinal);
            Assert.Contains(Replacements(), replacement => replacement.Source == image && replacement.Fields.Contains("spec.template.spec.containers.*.image"));
        }
    }

    [Fact]
    public void What_answers_people_runs_twice_and_may_go_one_at_a_time()
    {
        string[] twice = ["accounts", "admin", "api", "demo", "hydra", "keto", "kratos", "oathkeeper"];

        Assert.Equal(twice, Files.Objects.OfType<V1Deployment>().Where(deployment => deployment.Spec.Replicas == 2).Select(deployment => deployment.Metadata.Name).Order());
        Assert.Equal(twice, Files.Objects.OfType<V1PodDisruptionBudget>().Select(budget => budget.Metadata.Name).Order());
        foreach (var deployment in Files.Objects.OfType<V1Deployment>().Where(deployment => deployment.Spec.Replicas > 1))
        {
            var budget = Files.Objects.OfType<V1PodDisruptionBudget>().Single(budget => budget.Metadata.Name == deployment.Metadata.Name);
            var apart = Assert.Single(deployment.Spec.Template.Spec.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution).PodAffinityTerm;

            Assert.Equal(deployment.Spec.Selector.MatchLabels, budget.Spec.Selector.MatchLabels);
            Assert.Equal("kubernetes.io/hostname", apart.TopologyKey);
            Assert.All(apart.LabelSelector.MatchLabels, label => Assert.Equal(label.Value, deployment.Spec.Template.Metadata.Labels[label.Key]));
            Assert.Equal(0, int.Parse(deployment.Spec.Strategy.RollingUpdate.MaxUnavailable, CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void What_is_done_once_however_many_there_are_has_a_pod_of_its_own_that_nobody_is_led_to()
    {
        var servers = Files.Objects.OfType<V1Deployment>().Single(deployment => deployment.Metadata.Name == "kratos");
        var courier = Files.Objects.OfType<V1Deployment>().Single(deployment => deployment.Metadata.Name == "kratos-once");

        Assert.DoesNotContain("--watch-courier", servers.Spec.Template.Spec.Containers[0].Args);
        Assert.Equal(["courier", "watch", "-c", "/etc/ory/kratos/kratos.yml"], courier.Spec.Template.Spec.Containers[0].Args);
        Assert.Equal((1, "Recreate"), (courier.Spec.Replicas, courier.Spec.Strategy.Type));
        Assert.DoesNotContain(Files.Objects.OfType<V1Service>(), service => Selects(service.Spec.Selector, courier.Spec.Template));
        Assert.Contains("--watch-courier", ((YamlSequenceNode)zone.Service("kratos")["command"]).Select(argument => argument.ToString()));
    }

    /// <summary>While a version is replaced by the next one, and with something left for migrations and whoever looks after the server.</summary>
    [Fact]
    public async Task The_database_lets_in_all_instances_of_the_services_at_a_time()
    {
        var addresses = await File.ReadAllTextAsync(Path.Combine(Files.Folder, "secrets.sh"), TestContext.Current.CancellationToken);
        var each = MaximumConnections().Matches(addresses).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        var instances = Files.Objects.OfType<V1Deployment>()
            .Where(deployment => deployment.Spec.Template.Spec.Containers.Any(container => container.Env?.Any(variable => variable.Name == "DSN") == true))
            .ToDictionary(
                deployment => deployment.Metadata.Name,
                deployment => deployment.Spec.Replicas!.Value + int.Parse(deployment.Spec.Strategy.RollingUpdate?.MaxSurge ?? "0", CultureInfo.InvariantCulture));
        var server = Files.Pods.Single(pod => NameOf(pod.Template) == "postgres").Template.Spec.Containers[0].Args;

        Assert.Equal(["hydra", "keto", "kratos", "kratos-once"], instances.Keys.Order());
        Assert.NotEmpty(each);
        var limit = int.Parse(server.Single(setting => setting.StartsWith("max_connections=", StringComparison.Ordinal)).Split('=')[1], CultureInfo.InvariantCulture);
        Assert.InRange((instances.Values.Sum() * each.Max()) + 10, 1, limit);
    }

    [Fact]
    public async Task Several_instances_of_the_api_keep_nothing_themselves_and_share_key_and_limits()
    {
        var api = Files.Objects.OfType<V1Deployment>().Single(deployment => deployment.Metadata.Name == "api");
        var environment = api.Spec.Template.Spec.Containers[0].Env.ToDictionary(variable => variable.Name);

        Assert.DoesNotContain("Storage__Path", environment.Keys);
        Assert.Equal("Storage__ConnectionString", environment["Storage__ConnectionString"].ValueFrom.SecretKeyRef.Key);
        Assert.Equal("AccessLog__Key", environment["AccessLog__Key"].ValueFrom.SecretKeyRef.Key);
        Assert.Equal(api.Spec.Replicas.ToString(), environment["Limits__Instances"].Value);
        Assert.DoesNotContain(api.Spec.Template.Spec.Volumes, volume => volume.PersistentVolumeClaim is not null);
        Assert.Contains("want API_DATABASE ''", await File.ReadAllTextAsync(Path.Combine(Files.Folder, "secrets.sh"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_serves_is_asked_whether_it_is_ready_and_started_again_only_for_its_own_sake()
    {
        foreach (var (owner, template) in Files.Pods.Where(pod => pod.Template.Spec.Containers[0].Ports is not null))
        {
            var container = template.Spec.Containers[0];
            var health = Resource(NameOf(template)).Annotations.OfType<HealthCommandAnnotation>().LastOrDefault()?.Command;

            Assert.Equal(health, container.ReadinessProbe.Exec?.Command[2]);
            Assert.Equal(health, container.StartupProbe.Exec?.Command[2]);
            Assert.True(health is not null || container.ReadinessProbe.HttpGet is { Path: "/health" });
            var overTls = Resource(NameOf(template)).Annotations.OfType<ListenerAnnotation>().Where(listener => listener.Greeting.IsOverTls).Select(listener => listener.Port);
            Assert.All(
                new[] { container.LivenessProbe, container.ReadinessProbe }.Select(probe => probe.HttpGet).OfType<V1HTTPGetAction>(),
                asked => Assert.Equal(overTls.Contains(int.Parse(asked.Port, CultureInfo.InvariantCulture)), asked.Scheme == "HTTPS"));
            // What a service says of its database is said where it says that it is ready.
            Assert.True(container.LivenessProbe.HttpGet is not null || owner is V1StatefulSet && container.LivenessProbe.TcpSocket is not null);
            Assert.DoesNotContain("ready", container.LivenessProbe.HttpGet?.Path.Replace("/readyz", "", StringComparison.Ordinal) ?? "", StringComparison.Ordinal);
            Assert.True(template.Spec.TerminationGracePeriodSeconds > container.Lifecycle.PreStop.Sleep.Seconds);
        }
    }

    [Fact]
    public void What_runs_once_is_a_job_and_who_waits_for_it_asks_by_itself()
    {
        Assert.Equal(
            zone.Services.Where(service => service.Service["restart"].ToString() == "no").Select(service => service.Name).Order(),
            Files.Objects.OfType<V1Job>().Select(job => job.Metadata.Name).Order());
        Assert.All(Files.Objects.OfType<V1Job>(), job => Assert.Equal("OnFailure", job.Spec.Template.Spec.RestartPolicy));
        var waits = Files.Pods.SelectMany(pod => (pod.Template.Spec.InitContainers ?? []).Select(wait => $"{pod.Owner.Metadata.Name}: {wait.Name}: {string.Join(' ', wait.Args)}"));
        Assert.Equal(
            [
                "hydra: wait-for-hydra-migrate: -c hydra migrate sql status -e --block",
                "keto: wait-for-keto-migrate: -c keto migrate status --block --config /etc/ory/keto/keto.yml",
                "kratos-once: wait-for-kratos-migrate: -c kratos migrate sql status -e --block",
                "kratos: wait-for-kratos-migrate: -c kratos migrate sql status -e --block",
            ],
            waits.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_variable_is_the_compose_files_but_for_what_is_different_on_a_cluster()
    {
        string[] different = ["api Storage__Path", "api Storage__ConnectionString", "api AccessLog__Key", "api Limits__Instances", "postgres PGDATA"];
        foreach (var (owner, template) in Files.Pods)
        {
            var name = NameOf(template);
            var there = zone.Service(name).Children.TryGetValue("environment", out var environment)
                ? ((YamlMappingNode)environment).Select(variable => (Name: variable.Key.ToString(), Value: variable.Value.ToString())).ToDictionary(variable => variable.Name, variable => variable.Value)
                : [];
            var here = template.Spec.Containers[0].Env.ToDictionary(variable => variable.Name);
            var parts = here.Keys.Where(key => Setting().IsMatch(key) && here.Values.Any(variable => variable.Value?.Contains($"$({key})", StringComparison.Ordinal) == true));

            Assert.Equal(
                there.Keys.Except(different.Select(variable => variable.Split(' ')).Where(variable => variable[0] == name).Select(variable => variable[1])).Order(),
                here.Keys.Except(parts).Except(different.Select(variable => variable.Split(' ')).Where(variable => variable[0] == name).Select(variable => variable[1])).Order());
            foreach (var (key, variable) in here.Where(variable => there.ContainsKey(variable.Key)))
            {
                var expected = there[key];
                if (variable.Value is { } value)
                {
                    // Dollars are written twice in both; a setting is ${NAME:-default} there and $(NAME) here.
                    Assert.Equal(ComposeSetting().Replace(expected, "$($1)"), value);
                }
                else
                {
                    Assert.Matches(ComposeSetting(), expected);
                    // The public half of a key is made of it, and is in the model nowhere else.
                    var isSecret = ComposeSetting().Matches(expected).Select(match => match.Groups[1].Value).Any(setting =>
                        setting.EndsWith("_PUBLIC_KEY", StringComparison.Ordinal)
                        || zone.Model.OfType<ParameterResource>().Single(parameter => parameter.Name.ToUpperInvariant().Replace('-', '_') == setting).Secret);
                    Assert.Equal(isSecret, variable.ValueFrom.SecretKeyRef is not null);
                }
            }

            Assert.NotNull(owner);
        }
    }

    [Fact]
    public void Everything_that_is_referred_to_is_there()
    {
        var maps = Files.ConfigMaps.ToDictionary(map => (map.Namespace, map.Name), map => map.Keys);
        var secrets = Files.Secrets.ToDictionary(secret => (secret.Namespace, secret.Name), secret => secret.Keys);
        foreach (var (owner, template) in Files.Pods)
        {
            var home = owner.Metadata.NamespaceProperty;
            foreach (var container in template.Spec.Containers.Concat(template.Spec.InitContainers ?? []))
            {
                foreach (var variable in (container.Env ?? []).Where(variable => variable.ValueFrom is not null))
                {
                    Assert.True(
                        variable.ValueFrom.ConfigMapKeyRef is { } map ? maps[(home, map.Name)].Contains(map.Key)
                        : secrets[(home, variable.ValueFrom.SecretKeyRef!.Name)].Contains(variable.ValueFrom.SecretKeyRef.Key));
                    // A variable that is not there is one that nobody set.
                    Assert.Null(variable.ValueFrom.ConfigMapKeyRef?.Optional ?? variable.ValueFrom.SecretKeyRef?.Optional);
                }

                var claims = (owner as V1StatefulSet)?.Spec.VolumeClaimTemplates.Select(claim => claim.Metadata.Name) ?? [];
                Assert.All(container.VolumeMounts, mount => Assert.Contains(mount.Name, template.Spec.Volumes.Select(volume => volume.Name).Concat(claims)));
                var named = (container.Env ?? []).Select(variable => variable.Name).ToArray();
                foreach (var (index, variable) in (container.Env ?? []).Index().Where(variable => variable.Item.Value is not null))
                {
                    Assert.All(InnerVariable().Matches(variable.Value), used => Assert.InRange(Array.IndexOf(named, used.Groups[1].Value), 0, index - 1));
                }
            }

            foreach (var source in template.Spec.Volumes.SelectMany(volume => volume.Projected?.Sources ?? []))
            {
                Assert.True(source.ConfigMap is { } map ? maps.ContainsKey((home, map.Name)) : source.Secret.Items.All(item => secrets[(home, source.Secret.Name)].Contains(item.Key)));
            }

            foreach (var secret in template.Spec.Volumes.Select(volume => volume.Secret).OfType<V1SecretVolumeSource>())
            {
                Assert.Null(secret.Optional);
                Assert.All(secret.Items, item => Assert.Contains(item.Key, secrets[(home, secret.SecretName)]));
            }
        }
    }

    [Fact]
    public void Every_name_leads_to_pods_that_listen_and_is_known_only_where_somebody_may_use_it()
    {
        var services = Files.Objects.OfType<V1Service>().ToArray();
        foreach (var service in services.Where(service => service.Spec.Type is null))
        {
            var pods = Files.Pods.Where(pod => pod.Owner.Metadata.NamespaceProperty == service.Metadata.NamespaceProperty && Selects(service.Spec.Selector, pod.Template)).ToArray();
            var listening = Assert.Single(pods).Template.Spec.Containers[0].Ports.Select(port => port.ContainerPort);

            Assert.Equal(listening, service.Spec.Ports.Select(port => port.Port));
        }

        foreach (var alias in services.Where(service => service.Spec.Type is not null))
        {
            Assert.Equal("ExternalName", alias.Spec.Type);
            var target = Assert.Single(services, service => alias.Spec.ExternalName == $"{service.Metadata.Name}.{service.Metadata.NamespaceProperty}.svc.cluster.local");
            Assert.Equal(alias.Metadata.Name, target.Metadata.Name);
        }

        string[] edges = [$"{Prefix}-edge", $"{Prefix}-edge-accounts", $"{Prefix}-edge-admin", $"{Prefix}-edge-demo"];
        foreach (var edge in edges)
        {
            var own = edge == $"{Prefix}-edge" ? "api" : edge[$"{Prefix}-edge-".Length..];
            Assert.Equal([own, "oathkeeper"], services.Where(service => service.Metadata.NamespaceProperty == edge).Select(service => service.Metadata.Name).Order());
        }
    }

    [Fact]
    public void One_way_leads_in_over_tls_and_no_longer_than_a_time()
    {
        var ingress = Assert.Single(Files.Objects.OfType<V1Ingress>());
        var backend = Assert.Single(Assert.Single(ingress.Spec.Rules).Http.Paths).Backend.Service;

        Assert.Equal((OathkeeperResource.ProxyPort, "oathkeeper", $"{Prefix}-oathkeeper"), (backend.Port.Number, backend.Name, ingress.Metadata.NamespaceProperty));
        Assert.Equal("gateway-tls", Assert.Single(ingress.Spec.Tls).SecretName);
        Assert.Contains("nginx.ingress.kubernetes.io/proxy-read-timeout", ingress.Metadata.Annotations.Keys);
        Assert.DoesNotContain(Files.Objects.OfType<V1Service>(), service => service.Spec.Type is "NodePort" or "LoadBalancer" || service.Spec.ExternalIPs is { Count: > 0 });
        Assert.Equal(["spec.rules.0.host", "spec.tls.0.hosts.0"], Replacements().Single(replacement => replacement is { Source: "GATEWAY_HOST", Kind: "Ingress" }).Fields);
        // Who stands in front believes nobody else to be the gateway.
        Assert.Equal("https", Assert.Single(Files.Objects.OfType<V1Service>().Single(service => service.Metadata.Name == "oathkeeper" && service.Spec.Type is null).Spec.Ports).AppProtocol);
        Assert.Equal(
            ["HTTPS", $"{Prefix}-oathkeeper/authority-ca", "on", "oathkeeper", "on"],
            new[] { "backend-protocol", "proxy-ssl-secret", "proxy-ssl-verify", "proxy-ssl-name", "proxy-ssl-server-name" }.Select(key => ingress.Metadata.Annotations[$"nginx.ingress.kubernetes.io/{key}"]));
        Assert.Contains(Files.Secrets, secret => (secret.Namespace, secret.Name) == ($"{Prefix}-oathkeeper", "authority-ca"));
    }

    [Fact]
    public void What_whoever_deploys_says_finds_its_place()
    {
        var settings = Files.ConfigMaps.First(map => map.Name == "settings").Keys;
        var everything = Files.Kustomizations.SelectMany(read => KubernetesFiles.Strings(read.File, "resources").Where(resource => resource.EndsWith(".yaml", StringComparison.Ordinal)).SelectMany(resource => KubernetesFiles.Load(Path.Combine(read.Folder, resource)))).ToArray();
        foreach (var (source, kind, inNamespace, name, fields) in Replacements())
        {
            Assert.Contains(source, settings);
            Assert.Single(everything, made => (made.Kind, made.Metadata.NamespaceProperty, made.Metadata.Name) == (kind, inNamespace, name));
            Assert.NotEmpty(fields);
        }
    }

    [Fact]
    public void No_secret_is_a_manifest_that_somebody_could_take_away()
    {
        Assert.DoesNotContain(Files.Objects, made => made is V1Secret);
        Assert.All(Files.Kustomizations, read => Assert.DoesNotContain("secretGenerator", read.File.Children.Keys.Select(key => key.ToString())));
        Assert.DoesNotContain("helm.sh/hook", string.Concat(Directory.EnumerateFiles(Files.Folder, "*.yaml", SearchOption.AllDirectories).Select(File.ReadAllText)), StringComparison.Ordinal);
        var values = File.ReadAllLines(Path.Combine(Files.Folder, "secrets.env")).Where(line => line.Length > 0 && line[0] != '#');
        Assert.All(values, line => Assert.EndsWith("=", line, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Files.Folder, "secrets.env")));
        }
    }

    [Fact]
    public void The_signing_key_reaches_the_gateway_alone_and_as_a_file()
    {
        var holders = Files.Secrets.Where(secret => secret.Keys.Contains("SIGNING_KEY")).Select(secret => secret.Name);
        var gateway = Files.Objects.OfType<V1Deployment>().Single(deployment => deployment.Metadata.Name == "oathkeeper").Spec.Template.Spec;
        var item = gateway.Volumes.SelectMany(volume => volume.Projected?.Sources ?? []).Single(source => source.Secret is not null).Secret.Items.Single();

        Assert.Equal(["oathkeeper"], holders);
        var mount = gateway.Containers[0].VolumeMounts.Single(mount => mount.MountPath == "/etc/ory/secrets");
        Assert.Equal(gateway.Containers[0].Env.Single(variable => variable.Name == "MUTATORS_ID_TOKEN_CONFIG_JWKS_URL").Value, $"file://{mount.MountPath}/{item.Path}");
    }

    private IResource Resource(string name) => zone.Model.Single(resource => resource.Name == name);

    private static string NameOf(V1PodTemplateSpec template) => template.Metadata.Labels["app.kubernetes.io/name"];

    private static bool Selects(IDictionary<string, string>? selector, V1PodTemplateSpec template) =>
        selector is not null && selector.All(label => template.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    private IEnumerable<(string Source, string Kind, string Namespace, string Name, string[] Fields)> Replacements() =>
        from read in Files.Kustomizations
        where read.File.Children.ContainsKey("replacements")
        from replacement in ((YamlSequenceNode)read.File["replacements"]).Cast<YamlMappingNode>()
        from target in ((YamlSequenceNode)replacement["targets"]).Cast<YamlMappingNode>()
        let chosen = target["select"]
        select (replacement["source"]["fieldPath"].ToString()["data.".Length..], chosen["kind"].ToString(), chosen["namespace"].ToString(), chosen["name"].ToString(), KubernetesFiles.Strings(target, "fieldPaths"));

    [GeneratedRegex("^[a-z0-9./-]+:(?!latest$)[A-Za-z0-9._-]+$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"[?&]max_conns=(\d+)")]
    private static partial Regex MaximumConnections();

    [GeneratedRegex("^[A-Z][A-Z0-9_]+$")]
    private static partial Regex Setting();

    [GeneratedRegex(@"(?<!\$)\$\{([A-Z0-9_]+):[-?][^}]*\}")]
    private static partial Regex ComposeSetting();

    [GeneratedRegex(@"(?<!\$)\$\(([A-Z0-9_]+)\)")]
    private static partial Regex InnerVariable();
}
