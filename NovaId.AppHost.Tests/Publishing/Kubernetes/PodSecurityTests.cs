using k8s.Models;

namespace NovaId.AppHost.Tests.Publishing.Kubernetes;

public sealed class PodSecurityTests
{
    private static readonly Dictionary<string, Action<V1PodSpec>> Breaks = new()
    {
        ["the host's network"] = pod => pod.HostNetwork = true,
        ["the host's processes"] = pod => pod.HostPID = true,
        ["a folder of the host"] = pod => pod.Volumes = [new() { Name = "v", HostPath = new() { Path = "/" } }],
        ["a port of the host"] = pod => pod.Containers[0].Ports = [new() { ContainerPort = 80, HostPort = 80 }],
        ["root"] = pod => pod.SecurityContext.RunAsUser = 0,
        ["root in one container"] = pod => pod.InitContainers[0].SecurityContext.RunAsUser = 0,
        ["whoever the image says"] = pod => pod.SecurityContext.RunAsNonRoot = null,
        ["no seccomp profile"] = pod => pod.SecurityContext.SeccompProfile = null,
        ["no seccomp in one container"] = pod => pod.Containers[0].SecurityContext.SeccompProfile = new() { Type = "Unconfined" },
        ["escalation by saying nothing"] = pod => pod.Containers[0].SecurityContext.AllowPrivilegeEscalation = null,
        ["capabilities kept"] = pod => pod.InitContainers[0].SecurityContext.Capabilities = null,
        ["capabilities added"] = pod => pod.Containers[0].SecurityContext.Capabilities.Add = ["SYS_ADMIN"],
        ["privileged"] = pod => pod.Containers[0].SecurityContext.Privileged = true,
        ["a system setting"] = pod => pod.SecurityContext.Sysctls = [new() { Name = "kernel.msgmax", Value = "1" }],
        ["no context at all"] = pod => pod.Containers[0].SecurityContext = null,
    };

    public static TheoryData<string> Broken => [.. Breaks.Keys];

    [Fact]
    public void A_pod_with_everything_closed_may_be() => Assert.Empty(PodSecurity.Violations(Closed()));

    [Theory]
    [MemberData(nameof(Broken))]
    public void One_thing_open_is_enough_to_be_refused(string what)
    {
        var pod = Closed();
        Breaks[what](pod);

        Assert.NotEmpty(PodSecurity.Violations(pod));
    }

    private static V1PodSpec Closed() => new()
    {
        SecurityContext = new() { RunAsNonRoot = true, RunAsUser = 1000, SeccompProfile = new() { Type = "RuntimeDefault" } },
        Containers = [Container("server")],
        InitContainers = [Container("wait")],
        Volumes = [new() { Name = "tmp", EmptyDir = new() }],
    };

    private static V1Container Container(string name) => new()
    {
        Name = name,
        SecurityContext = new() { AllowPrivilegeEscalation = false, Capabilities = new() { Drop = ["ALL"] } },
    };
}
