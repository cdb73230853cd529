using k8s.Models;

namespace NovaId.AppHost.Tests.Publishing.Kubernetes;

/// <summary>
/// The level <c>restricted</c> of the Pod Security Standards, every control of it and of <c>baseline</c>, for pods of Linux:
/// <see href="https://kubernetes.io/docs/concepts/security/pod-security-standards/"/>.
/// </summary>
internal static class PodSecurity
{
    private static readonly string[] Profiles = ["RuntimeDefault", "Localhost"];

    /// <summary>What a pod does that the level does not allow; nothing if it may be.</summary>
    public static IReadOnlyList<string> Violations(V1PodSpec pod)
    {
        V1Container[] containers = [.. pod.Containers, .. pod.InitContainers ?? []];
        var found = new List<string>();
        Refuse(pod.HostNetwork == true || pod.HostPID == true || pod.HostIPC == true, "host namespaces");
        Refuse(pod.EphemeralContainers is { Count: > 0 }, "ephemeral containers, which are not looked at here");
        Refuse(pod.SecurityContext?.WindowsOptions?.HostProcess == true, "host process");
        Refuse(pod.SecurityContext?.Sysctls is { Count: > 0 }, "sysctls");
        Refuse(pod.SecurityContext?.SeLinuxOptions is not null || pod.SecurityContext?.AppArmorProfile is { Type: "Unconfined" }, "mandatory access control");
        Refuse(pod.SecurityContext?.RunAsUser == 0, "root");
        Refuse(pod.SecurityContext?.SeccompProfile is { } whole && !Profiles.Contains(whole.Type), "seccomp");
        foreach (var volume in pod.Volumes ?? [])
        {
            Refuse(
                volume is { ConfigMap: null, Csi: null, DownwardAPI: null, EmptyDir: null, Ephemeral: null, PersistentVolumeClaim: null, Projected: null, Secret: null } || volume.HostPath is not null,
                $"volume {volume.Name}");
        }

        foreach (var container in containers)
        {
            var context = container.SecurityContext;
            Refuse(context?.Privileged == true, $"{container.Name}: privileged");
            Refuse(context?.AllowPrivilegeEscalation != false, $"{container.Name}: privilege escalation");
            Refuse(context?.Capabilities?.Drop?.Contains("ALL") != true, $"{container.Name}: capabilities kept");
            Refuse(context?.Capabilities?.Add?.Any(added => added != "NET_BIND_SERVICE") == true, $"{container.Name}: capabilities added");
            Refuse((context?.RunAsNonRoot ?? pod.SecurityContext?.RunAsNonRoot) != true || context?.RunAsUser == 0, $"{container.Name}: root");
            Refuse(!Profiles.Contains((context?.SeccompProfile ?? pod.SecurityContext?.SeccompProfile)?.Type), $"{container.Name}: seccomp");
            Refuse(context?.ProcMount is not (null or "Default"), $"{container.Name}: proc");
            Refuse(context?.SeLinuxOptions is not null || context?.AppArmorProfile is { Type: "Unconfined" }, $"{container.Name}: mandatory access control");
            Refuse(context?.WindowsOptions?.HostProcess == true, $"{container.Name}: host process");
            Refuse(container.Ports?.Any(port => port.HostPort is > 0) == true, $"{container.Name}: host port");
            Refuse(
                new[] { container.LivenessProbe, container.ReadinessProbe, container.StartupProbe }.Any(probe => probe?.HttpGet?.Host is { Length: > 0 } || probe?.TcpSocket?.Host is { Length: > 0 }),
                $"{container.Name}: a probe of another host");
        }

        return found;

        void Refuse(bool isRefused, string what)
        {
            if (isRefused)
            {
                found.Add(what);
            }
        }
    }
}
