using System.Globalization;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using NovaId.AppHost.Configuration;
using NovaId.AppHost.Networks;

namespace NovaId.AppHost.Publishing;

/// <summary>
/// Puts into a compose file what the model says and Aspire's publisher does not: the networks, who waits for whom to be healthy, the one
/// port, and variables instead of values.
/// </summary>
internal sealed class ComposeZone(IReadOnlyList<IResource> resources, ZoneOptions options)
{
    private const string ConfigurationFolder = "config";
    private const string Healthy = "service_healthy";
    private const string Completed = "service_completed_successfully";
    private const string Started = "service_started";

    /// <summary>Of what depends on TLS in front of the gateway: under which variable it is given.</summary>
    private static readonly Dictionary<string, string> TlsSettings = new()
    {
        ["COOKIES_SECURE"] = "COOKIES_SECURE",
        ["SESSION_COOKIE_SECURE"] = "COOKIES_SECURE",
        ["DEV"] = "HYDRA_DEV",
    };

    private readonly HashSet<IResource> _oneShots =
    [
        .. from resource in resources
           from wait in resource.Annotations.OfType<WaitAnnotation>()
           where wait.WaitType == WaitType.WaitForCompletion
           select wait.Resource,
    ];

    /// <summary>Completes the file, and writes beside it the configuration files that it names.</summary>
    /// <param name="file">The file as Aspire would write it.</param>
    /// <param name="folder">The folder it is written to.</param>
    public void Complete(ComposeFile file, string folder)
    {
        AddNetworks(file);
        NameVolumes(file);
        foreach (var (name, service) in file.Services)
        {
            var resource = resources.Single(resource => string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase));
            service.Image = ComposeVariable.RequireAll(service.Image!);
            service.Networks = [.. NetworksOf(resource).Select(network => network.Name)];
            service.Dns = [NameServer.None];
            service.DnsSearch = [NameServer.NoSearch];
            service.Expose = [];
            service.Ports = [.. PortsOf(resource)];
            // No argument of the model is a variable; what looks like one is the shell's.
            service.Command = [.. service.Command.Select(ComposeVariable.Literal)];
            service.Environment = service.Environment.ToDictionary(variable => variable.Key, variable => Value(variable.Key, variable.Value));
            service.DependsOn = DependenciesOf(resource, file);
            service.Healthcheck = HealthOf(resource);
            service.Restart = _oneShots.Contains(resource) ? "no" : "unless-stopped";
            service.SecurityOpt = ["no-new-privileges:true"];
        }

        MoveConfiguration(file, folder);
    }

    /// <summary>Says in the file of variables what each is, and adds those that Aspire does not know.</summary>
    public void Describe(IDictionary<string, CapturedEnvironmentVariable> variables)
    {
        foreach (var parameter in resources.OfType<ParameterResource>().Where(parameter => parameter.Secret))
        {
            var name = ComposeVariable.NameOf(parameter);
            variables[name] = new()
            {
                Name = name,
                Description = parameter.Default is SigningKey
                    ? "Secret, on one line: the gateway's private key set, for example from: oathkeeper credentials generate --alg ES256"
                    : "Secret of 32 letters and digits, for example from: openssl rand -hex 16",
                Source = parameter,
            };
        }

        Add(ComposeVariable.GatewayAddress, $"The gateway's address as its users see it, without a slash at its end; {options.GatewayAddress} if nothing is said", options.GatewayAddress);
        Add("COOKIES_SECURE", "true where that address is https; false if nothing is said", "false");
        Add("HYDRA_DEV", "false where that address is https; true if nothing is said", "true");

        void Add(string name, string description, string value) => variables[name] = new() { Name = name, Description = description, DefaultValue = value };
    }

    private void AddNetworks(ComposeFile file)
    {
        file.Networks.Clear();
        foreach (var network in resources.OfType<ContainerNetworkResource>())
        {
            file.AddNetwork(new()
            {
                Name = network.Name,
                Driver = "bridge",
                Internal = network.IsInternal,
                DriverOpts = network.Options(canIsolate: true).ToDictionary(),
            });
        }
    }

    /// <summary>The engine's client puts the project's own name in front; the name of this machine's copy has no place there.</summary>
    private void NameVolumes(ComposeFile file)
    {
        foreach (var volume in file.Services.Values.SelectMany(service => service.Volumes).Concat(file.Volumes.Values))
        {
            volume.Name = OwnName(volume.Name);
            volume.Source = volume.Source is { } source ? OwnName(source) : null;
        }

        file.Volumes = file.Volumes.Values.ToDictionary(volume => volume.Name);

        string OwnName(string name) => name.StartsWith($"{options.Name}-", StringComparison.Ordinal) ? name[(options.Name.Length + 1)..] : name;
    }

    private static IEnumerable<ContainerNetworkResource> NetworksOf(IResource resource) =>
        resource.Annotations.OfType<NetworkAttachmentAnnotation>().Select(attachment => attachment.Network);

    /// <summary>An internal network publishes none.</summary>
    private static IEnumerable<string> PortsOf(IResource resource) =>
        from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
        where endpoint is { Port: not null, TargetPort: not null } && NetworksOf(resource).Any(network => !network.IsInternal)
        select string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{endpoint.Port}:{endpoint.TargetPort}");

    private string Value(string name, string value)
    {
        if (TlsSettings.TryGetValue(name, out var variable))
        {
            return ComposeVariable.Optional(variable, value);
        }

        return ComposeVariable.RequireAll(value)
            .Replace(options.GatewayAddress, ComposeVariable.Optional(ComposeVariable.GatewayAddress, options.GatewayAddress), StringComparison.Ordinal);
    }

    /// <summary>What is no service of the file, such as the topology, stands for all that it waits for itself.</summary>
    private static Dictionary<string, ServiceDependency> DependenciesOf(IResource resource, ComposeFile file)
    {
        var dependencies = new Dictionary<string, ServiceDependency>();
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
        {
            if (file.Services.ContainsKey(wait.Resource.Name))
            {
                dependencies[wait.Resource.Name] = new()
                {
                    Condition = wait.WaitType == WaitType.WaitForCompletion ? Completed
                        : wait.Resource.Annotations.OfType<HealthCommandAnnotation>().Any() ? Healthy
                        : Started,
                };
                continue;
            }

            foreach (var (name, dependency) in DependenciesOf(wait.Resource, file))
            {
                dependencies[name] = dependency;
            }
        }

        return dependencies;
    }

    private static Healthcheck? HealthOf(IResource resource) =>
        resource.Annotations.OfType<HealthCommandAnnotation>().LastOrDefault() is { } health
            ? new()
            {
                Test = ["CMD-SHELL", ComposeVariable.Literal(health.Command)],
                Interval = "5s",
                Timeout = "4s",
                Retries = 3,
                StartPeriod = "60s",
            }
            : null;

    /// <summary>
    /// Files stand beside the compose file, where they can be read and compared, and are mounted read-only. A secret stands nowhere: the
    /// engine's client puts it into the container from its variable, with the owner and the mode that the model says.
    /// </summary>
    private static void MoveConfiguration(ComposeFile file, string folder)
    {
        var moved = new Dictionary<string, Config>();
        foreach (var reference in file.Services.Values.SelectMany(service => service.Configs))
        {
            var content = file.Configs[reference.Source!].Content!;
            var path = reference.Target!.Split('/')[^2..];
            var name = string.Join('-', path);
            var isSecret = ComposeVariable.IsOne(content);
            var config = new Config
            {
                Name = name,
                Content = isSecret ? content : null,
                File = isSecret ? null : $"./{ConfigurationFolder}/{string.Join('/', path)}",
            };
            if (!isSecret)
            {
                Write(Path.Combine([folder, ConfigurationFolder, .. path]), content, isNew: moved.TryAdd(name, config));
                (reference.Uid, reference.Gid, reference.Mode) = (null, null, null);
            }

            moved[name] = config;
            reference.Source = name;
        }

        file.Configs = moved;
    }

    private static void Write(string path, string content, bool isNew)
    {
        if (!isNew && File.ReadAllText(path) != content)
        {
            throw new ZoneConfigurationException($"Two services want a different {path}. Give one of the two files another name.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
        {
            // The services' users are not the one who publishes.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }
}
