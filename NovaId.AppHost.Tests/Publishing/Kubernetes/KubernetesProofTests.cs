using System.Diagnostics;
using System.Globalization;
using System.Net;
using k8s.Models;

namespace NovaId.AppHost.Tests.Publishing.Kubernetes;

/// <summary>The Jobs that prove on a cluster that it enforces the policies: what they ask, from where, and when they fail.</summary>
public sealed class KubernetesProofTests(PublishedZoneFixture zone) : IClassFixture<PublishedZoneFixture>
{
    private const string NameLabel = "app.kubernetes.io/name";
    private const string NamespaceLabel = "kubernetes.io/metadata.name";
    private const string Outside = "novaid-isolation-proof";
    private const string Witness = "witness";

    private KubernetesFiles Files => field ??= new(zone.Folder);

    private IReadOnlyList<V1Job> Jobs => field ??= [.. Files.Proof.OfType<V1Job>()];

    [Fact]
    public void Somebody_looks_from_the_place_of_every_pod_of_a_stranger_in_every_namespace_and_of_everybodys_namesake_outside()
    {
        var pods = Files.Pods.Select(pod => (pod.Owner.Metadata.NamespaceProperty, pod.Template.Metadata.Labels[NameLabel])).Distinct().ToArray();
        var expected = pods
            .Concat(Files.Objects.OfType<V1Namespace>().Select(made => (made.Metadata.Name, "isolation-proof")))
            .Concat(pods.Select(pod => (Outside, pod.Item2)));

        Assert.Equal(expected.Order(), Jobs.Select(job => (job.Metadata.NamespaceProperty, job.Spec.Template.Metadata.Labels[NameLabel])).Order());
        Assert.DoesNotContain(Files.Proof.OfType<V1NetworkPolicy>(), _ => true);
        Assert.Equal([Outside], Files.Proof.OfType<V1Namespace>().Select(made => made.Metadata.Name));
    }

    [Fact]
    public void Each_expects_of_every_port_of_every_service_and_of_the_witness_what_the_policies_say()
    {
        var targets = Files.Objects.OfType<V1Service>().Where(service => service.Spec.Type is null).ToArray();
        var witness = Files.Proof.OfType<V1Service>().Single();
        PolicyPort[] ports = [.. targets.Append(witness).SelectMany(service => service.Spec.Ports).Select(port => new PolicyPort(port.Port)).Distinct()];
        var number = 0;
        var pods = targets.Append(witness).ToDictionary(service => service, service => NewPeer(service.Metadata.NamespaceProperty, Template(service).Metadata.Labels));
        var lookers = Jobs.ToDictionary(job => job, job => NewPeer(job.Metadata.NamespaceProperty, job.Spec.Template.Metadata.Labels));
        var namespaces = Files.Objects.Concat(Files.Proof).OfType<V1Namespace>().ToDictionary(
            made => made.Metadata.Name, made => (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { [NamespaceLabel] = made.Metadata.Name });
        var reader = new PolicyReader([.. Files.Policies], namespaces, [.. pods.Values, .. lookers.Values], ports);

        foreach (var job in Jobs)
        {
            var expected =
                from service in targets.Append(witness)
                from port in service.Spec.Ports
                let isReached = reader.Reaches(lookers[job], pods[service], new(port.Port))
                let mark = service.Metadata.Name == "postgres" ? "?" : ""
                select string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(isReached ? "open" : "closed")}{mark} {service.Metadata.Name}.{service.Metadata.NamespaceProperty}.svc.cluster.local {port.Port}");

            Assert.Equal(expected.Order(), Lines(job).Order());
        }

        Assert.Contains("closed? postgres.novaid-private.svc.cluster.local 5432", Lines(Job("novaid-edge", "api")));
        Assert.Contains("open? postgres.novaid-private.svc.cluster.local 5432", Lines(Job("novaid-private", "kratos")));
        Assert.Contains($"closed {Witness}.{Outside}.svc.cluster.local 8080", Lines(Job("novaid-private", "kratos")));
        Assert.Equal([$"open {Witness}.{Outside}.svc.cluster.local 8080"], Lines(Job(Outside, "oathkeeper")).Where(line => line.StartsWith("open", StringComparison.Ordinal)));

        PolicyPeer NewPeer(string home, IDictionary<string, string> labels) => new($"{++number}", new IPAddress([10, 244, 0, (byte)number]), home, labels.ToDictionary());
    }

    [Fact]
    public void No_service_leads_to_a_pod_that_looks_and_nothing_counts_it_as_its_own()
    {
        var selectors = Files.Objects.OfType<V1Service>().Select(service => service.Spec.Selector).OfType<IDictionary<string, string>>()
            .Concat(Files.Objects.OfType<V1Deployment>().Select(deployment => deployment.Spec.Selector.MatchLabels))
            .Concat(Files.Objects.OfType<V1StatefulSet>().Select(set => set.Spec.Selector.MatchLabels))
            .Concat(Files.Objects.OfType<V1PodDisruptionBudget>().Select(budget => budget.Spec.Selector.MatchLabels)).ToArray();

        Assert.NotEmpty(selectors);
        Assert.All(Jobs, job => Assert.DoesNotContain(selectors, selector => Selects(selector, job.Spec.Template)));
    }

    [Fact]
    public void Every_pod_of_it_is_restricted_has_no_token_and_is_not_tried_again()
    {
        Assert.All(Files.Proof.OfType<V1Namespace>(), made => Assert.Equal("restricted", made.Metadata.Labels["pod-security.kubernetes.io/enforce"]));
        Assert.All(KubernetesFiles.PodsOf(Files.Proof), pod =>
        {
            Assert.Empty(PodSecurity.Violations(pod.Template.Spec));
            Assert.False(pod.Template.Spec.AutomountServiceAccountToken);
            var container = Assert.Single(pod.Template.Spec.Containers);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.Equal("docker.io/library/busybox:1.37", container.Image);
            Assert.True(container.Resources.Limits.ContainsKey("memory"));
            Assert.Null(container.Env);
        });
        // A Job that is tried again would hide what it saw the first time.
        Assert.All(Jobs, job => Assert.Equal((0, "Never"), (job.Spec.BackoffLimit, job.Spec.Template.Spec.RestartPolicy)));
        Assert.All(Files.Proof.Where(made => made is not V1Namespace), made => Assert.Equal("isolation-proof", made.Metadata.Labels["app.kubernetes.io/component"]));
    }

    [Theory]
    [InlineData("open a 1|closed b 2|closed? gone 3", "a 1", "a b", 0)]
    [InlineData("open a 1|closed b 2", "a 1|b 2", "a b", 1)]
    [InlineData("open a 1|closed b 2", "", "a b", 1)]
    [InlineData("open a 1|open a 2", "a 1", "a", 1)]
    // A name that nobody knows proves nothing, and a server that may be somebody else's may be missing.
    [InlineData("open a 1|closed b 2", "a 1", "a", 1)]
    [InlineData("open a 1|open? b 2", "a 1", "a", 0)]
    [InlineData("open a 1|closed? b 2", "a 1|b 2", "a b", 1)]
    [InlineData("open a 1|open? b 2", "a 1", "a b", 1)]
    public async Task It_ends_well_only_if_exactly_what_is_to_be_reached_is_reached(string lines, string open, string names, int code)
    {
        var (ended, said) = await RunAsync(lines.Split('|'), open, names, openAtFirst: "");

        Assert.True(ended == code, said);
        Assert.Equal(code == 0, !said.Contains("is to be", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pod_that_is_closed_a_while_after_its_start_is_looked_from_again_and_what_was_open_is_said()
    {
        var (ended, said) = await RunAsync(["open a 1", "closed b 2"], open: "a 1", names: "a b", openAtFirst: "b 2");

        Assert.Equal(0, ended);
        Assert.Contains("b 2 is open, and is to be closed", said, StringComparison.Ordinal);
        Assert.Contains("Look 2: all 2 are as they are to be", said, StringComparison.Ordinal);
    }

    /// <summary>Runs the program of a Job with tools that know what is open.</summary>
    private async Task<(int Code, string Said)> RunAsync(string[] lines, string open, string names, string openAtFirst)
    {
        var folder = Directory.CreateTempSubdirectory("novaid-proof-").FullName;
        try
        {
            await File.WriteAllLinesAsync(Path.Combine(folder, "open"), open.Split('|', StringSplitOptions.RemoveEmptyEntries), Cancelled);
            await File.WriteAllLinesAsync(Path.Combine(folder, "names"), names.Split(' '), Cancelled);
            await File.WriteAllLinesAsync(Path.Combine(folder, "first"), openAtFirst.Split('|', StringSplitOptions.RemoveEmptyEntries), Cancelled);
            await WriteToolAsync("nslookup", $"exec grep -qx -- \"$1\" {folder}/names");
            await WriteToolAsync("nc", $"shift 3; grep -qx -- \"$*\" {folder}/open {folder}/now");
            await WriteToolAsync("sleep", $"cat {folder}/first > {folder}/now; : > {folder}/first");
            await WriteToolAsync("timeout", "shift; exec \"$@\"");
            var command = Jobs[0].Spec.Template.Spec.Containers[0].Command;
            var script = command[2].Replace("$$", "$", StringComparison.Ordinal).Replace("cd /tmp", $"cd {folder}", StringComparison.Ordinal);
            var start = new ProcessStartInfo("sh", ["-c", script, command[3], .. lines]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(Cancelled);
            var error = process.StandardError.ReadToEndAsync(Cancelled);
            await process.WaitForExitAsync(Cancelled);
            return (process.ExitCode, await output + await error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task WriteToolAsync(string name, string line)
        {
            var path = Path.Combine(folder, name);
            await File.WriteAllTextAsync(path, $"#!/bin/sh\n{line}\n", Cancelled);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private V1Job Job(string home, string name) => Jobs.Single(job => job.Metadata.NamespaceProperty == home && job.Spec.Template.Metadata.Labels[NameLabel] == name);

    /// <summary>What follows the program.</summary>
    private static IEnumerable<string> Lines(V1Job job) => job.Spec.Template.Spec.Containers[0].Command.Skip(4);

    private V1PodTemplateSpec Template(V1Service service) => KubernetesFiles.PodsOf(Files.Objects.Concat(Files.Proof)).Single(pod =>
        pod.Owner.Metadata.NamespaceProperty == service.Metadata.NamespaceProperty && Selects(service.Spec.Selector, pod.Template)).Template;

    private static bool Selects(IDictionary<string, string> selector, V1PodTemplateSpec template) =>
        selector.All(label => template.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
