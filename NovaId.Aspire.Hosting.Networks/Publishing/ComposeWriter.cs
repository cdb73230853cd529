using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;

namespace Aspire.Hosting.Networks;

/// <summary>
/// Writes what is published as a compose file, <see href="https://docs.docker.com/reference/compose-file/"/>, with the files of variables
/// and of configuration beside it.
/// </summary>
internal sealed class ComposeWriter(PublishedApplication application, string folder)
{
    private const string ConfigurationFolder = "config";

    /// <summary>Who reads a file whose mode nobody says: the services' users are not the one who publishes.</summary>
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly OrderedDictionary<string, object> _configurations = [];

    private readonly Dictionary<string, ComposeAuthority> _authorities = application.Authorities.ToDictionary(
        authority => authority.Name,
        authority => new ComposeAuthority(authority, [.. application.Services.Where(service => service.Certificate?.Authority == authority.Name)]));

    /// <summary>Writes everything.</summary>
    /// <exception cref="DistributedApplicationException">Two files are wanted at the same place.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var file = new OrderedDictionary<string, object>
        {
            ["services"] = new OrderedDictionary<string, object>(
            [
                .. Map(_authorities.Values, authority => authority.Name, authority => authority.Describe(Text)),
                .. Map(application.Services, service => service.Name, DescribeService),
            ]),
            ["networks"] = Map(application.Networks, network => network.Name, DescribeNetwork),
            ["volumes"] = Map(
                application.Services.SelectMany(service => service.Volumes).Select(volume => volume.Name).Concat(_authorities.Values.SelectMany(authority => authority.Volumes)).Distinct(),
                name => name,
                _ => new OrderedDictionary<string, object> { ["driver"] = "local" }),
            ["configs"] = _configurations,
        };
        var serializer = new SerializerBuilder()
            .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true)
            .WithEventEmitter(next => new LinesAsTheyAre(next))
            .WithIndentedSequences()
            .WithNewLine("\n")
            .Build();
        await File.WriteAllTextAsync(Path.Combine(folder, "docker-compose.yaml"), serializer.Serialize(file), cancellationToken);
        var variables = Path.Combine(folder, ".env");
        await new VariableFile(variables).AddAsync(application.Settings, cancellationToken);
        var script = Path.Combine(folder, "secrets.sh");
        await File.WriteAllTextAsync(script, new ComposeSecrets(application.Settings).Script(), cancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    private static OrderedDictionary<string, object> Map<T>(IEnumerable<T> items, Func<T, string> name, Func<T, object> describe) =>
        new(items.Select(item => KeyValuePair.Create(name(item), describe(item))));

    private static OrderedDictionary<string, object> DescribeNetwork(ContainerNetworkResource network) => new()
    {
        ["driver"] = "bridge",
        ["driver_opts"] = network.Options(canIsolate: true),
        ["internal"] = network.IsInternal,
    };

    private OrderedDictionary<string, object> DescribeService(PublishedService service)
    {
        var description = new OrderedDictionary<string, object> { ["image"] = Text(service.Image) };
        if (service.PullPolicy is { } policy and not ImagePullPolicy.Default)
        {
            description["pull_policy"] = policy.ToString().ToLowerInvariant();
        }

        if (service.Entrypoint is { } entrypoint)
        {
            description["entrypoint"] = new[] { Literal(entrypoint) };
        }

        Add("command", service.Arguments.Select(Text));
        if (service.Environment.Count > 0)
        {
            description["environment"] = Map(service.Environment, variable => variable.Key, variable => Text(variable.Value));
        }

        Add("ports", service.Entries.Select(entry => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{entry.Port}:{entry.TargetPort}")));
        var authority = service.Certificate is { } certificate ? _authorities[certificate.Authority] : null;
        PublishedVolume[] certificates = authority is null ? [] : [new(authority.VolumeOf(service), CertificateFiles.Folder, IsReadOnly: true)];
        Add("volumes", service.Volumes.Concat(certificates).Select(DescribeVolume));
        PublishedDependency[] signed = authority is null ? [] : [new(authority.Name, PublishedCondition.Healthy)];
        PublishedDependency[] dependencies = [.. service.Dependencies, .. signed, .. Ends(service)];
        if (dependencies.Length > 0)
        {
            description["depends_on"] = Map(
                dependencies, dependency => dependency.Service, dependency => new OrderedDictionary<string, object> { ["condition"] = Condition(dependency.Until) });
        }

        Add("networks", service.Networks.Select(network => network.Name));
        description["restart"] = service.IsOneShot ? "no" : "unless-stopped";
        if (service.HealthCommand is { } health)
        {
            description["healthcheck"] = new OrderedDictionary<string, object>
            {
                ["test"] = new[] { "CMD-SHELL", Literal(health) },
                ["interval"] = "5s",
                ["timeout"] = "4s",
                ["retries"] = 3,
                ["start_period"] = "60s",
            };
        }

        description["dns"] = new[] { NameServer.None };
        description["dns_search"] = new[] { NameServer.NoSearch };
        description["security_opt"] = new[] { "no-new-privileges:true" };
        Add("configs", service.Files.Select(DescribeFile));
        return description;

        void Add(string key, IEnumerable<object> items)
        {
            object[] all = [.. items];
            if (all.Length > 0)
            {
                description[key] = all;
            }
        }
    }

    /// <summary>
    /// What runs once and nobody waits for is waited for by the service that is written last: <c>docker compose up --wait</c> takes the end of
    /// a container for a failure, unless another service waits for just that.
    /// </summary>
    private IEnumerable<PublishedDependency> Ends(PublishedService service) => service == application.Services.LastOrDefault(other => !other.IsOneShot)
        ? from once in application.Services
          where once.IsOneShot && !application.Services.Any(other => other.Dependencies.Any(dependency => dependency.Service == once.Name)) && !Needs(once, service)
          select new PublishedDependency(once.Name, PublishedCondition.Completed)
        : [];

    private bool Needs(PublishedService service, PublishedService other) => service.Dependencies.Any(dependency =>
        dependency.Service == other.Name || Needs(application.Services.First(needed => needed.Name == dependency.Service), other));

    /// <summary>Describes where a service mounts a volume.</summary>
    public static OrderedDictionary<string, object> DescribeVolume(PublishedVolume volume)
    {
        var description = new OrderedDictionary<string, object> { ["type"] = "volume", ["source"] = volume.Name, ["target"] = volume.Path };
        if (volume.IsReadOnly)
        {
            description["read_only"] = true;
        }

        return description;
    }

    /// <summary>
    /// Files stand beside the compose file, where they can be read and compared, and are mounted read-only. What holds a setting stands
    /// nowhere: the engine's client puts it into the container, with the owner and the mode that the model says.
    /// </summary>
    private OrderedDictionary<string, object> DescribeFile(PublishedFile file)
    {
        var path = file.Path.Split('/')[^2..];
        var name = string.Join('-', path);
        var description = new OrderedDictionary<string, object> { ["source"] = name, ["target"] = file.Path };
        if (!file.Content.Settings.Any())
        {
            Write(Path.Combine([folder, ConfigurationFolder, .. path]), file.Content.Write(literal => literal, _ => ""), isNew: !_configurations.ContainsKey(name));
            _configurations[name] = new OrderedDictionary<string, object> { ["file"] = $"./{ConfigurationFolder}/{string.Join('/', path)}" };
            return description;
        }

        _configurations[name] = new OrderedDictionary<string, object> { ["content"] = Text(file.Content) };
        if (file.Owner is { } owner)
        {
            description["uid"] = owner.ToString(CultureInfo.InvariantCulture);
        }

        if (file.Group is { } group)
        {
            description["gid"] = group.ToString(CultureInfo.InvariantCulture);
        }

        description["mode"] = $"0{Convert.ToString((int)(file.Mode ?? Readable), toBase: 8)}";
        return description;
    }

    private static void Write(string path, string content, bool isNew)
    {
        if (!isNew && File.ReadAllText(path) != content)
        {
            throw new DistributedApplicationException($"Two services want a different {path}. Give one of the two files another name.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Readable);
        }
    }

    private static string Condition(PublishedCondition condition) => condition switch
    {
        PublishedCondition.Healthy => "service_healthy",
        PublishedCondition.Completed => "service_completed_successfully",
        _ => "service_started",
    };

    private static string Text(PublishedText text) => text.Write(Literal, Variable);

    /// <summary>Text in which no variable is looked for.</summary>
    private static string Literal(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>
    /// A variable, which whoever deploys gives in the environment or in <c>.env</c>, and without which nothing starts where nothing else
    /// counts: an empty secret would be a known one. <see href="https://docs.docker.com/reference/compose-file/interpolation/"/>.
    /// </summary>
    private static string Variable(PublishedSetting setting) =>
        setting.Default is null ? $"${{{setting.Name}:?set it in .env}}" : $"${{{setting.Name}:-{setting.Default}}}";

    /// <summary>A text of several lines stands there line by line.</summary>
    private sealed class LinesAsTheyAre(IEventEmitter next) : ChainedEventEmitter(next)
    {
        public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
        {
            if (eventInfo.Source.Value is string text && text.Contains('\n', StringComparison.Ordinal))
            {
                eventInfo.Style = ScalarStyle.Literal;
            }

            base.Emit(eventInfo, emitter);
        }
    }
}
