using System.Globalization;

namespace Aspire.Hosting.Networks;

/// <summary>Reads a container of what is published off its resource.</summary>
internal sealed class PublishedServiceReader(DistributedApplicationModel model, DistributedApplicationExecutionContext execution)
{
    /// <summary>What a program takes of which nothing is known.</summary>
    private static readonly PublishedNeeds Little = new(Processor: 50, Memory: 64, MemoryLimit: 256);

    /// <summary>The user of .NET's own images, <c>APP_UID</c>: <see href="https://github.com/dotnet/dotnet-docker/blob/main/documentation/image-variants.md"/>.</summary>
    private const int DotNetUser = 1654;

    private readonly HashSet<IResource> _services = [.. model.GetComputeResources()];

    private readonly HashSet<IResource> _oneShots =
    [
        .. from resource in model.Resources
           from wait in resource.Annotations.OfType<WaitAnnotation>()
           where wait.WaitType == WaitType.WaitForCompletion
           select wait.Resource,
        .. model.Resources.Where(resource => resource.Annotations.OfType<RunsOnceAnnotation>().Any()),
    ];

    public async Task<PublishedService> ReadAsync(IResource resource, CancellationToken cancellationToken)
    {
        var networks = resource.Annotations.OfType<NetworkAttachmentAnnotation>().Select(attachment => attachment.Network).ToArray();
        var health = resource.Annotations.OfType<HttpHealthAnnotation>().LastOrDefault();
        var user = resource.Annotations.OfType<UserAnnotation>().LastOrDefault()?.Id ?? (resource is ProjectResource ? DotNetUser : null);
        var files = resource.Annotations.OfType<CertificateFilesAnnotation>().SingleOrDefault();
        var service = new PublishedService
        {
            Name = resource.Name,
            Image = ImageOf(resource),
            PullPolicy = PullPolicyOf(resource),
            Entrypoint = files?.Watched is null ? (resource as ContainerResource)?.Entrypoint : "sh",
            Arguments = [.. WatchOf(resource, files), .. await ArgumentsOfAsync(resource, cancellationToken)],
            Environment = await EnvironmentOfAsync(resource, cancellationToken),
            Networks = networks,
            Ports = [.. resource.Annotations.OfType<ListenerAnnotation>().Where(listener => !listener.IsLoopbackOnly).Select(listener => listener.Port)],
            HttpsPorts = [.. resource.Annotations.OfType<ListenerAnnotation>().Where(listener => listener is { IsLoopbackOnly: false, Greeting.IsOverTls: true }).Select(listener => listener.Port)],
            // A network without a way out opens no port.
            Entries = networks.All(network => network.IsInternal) ? [] : [.. EntriesOf(resource)],
            Files = await FilesOfAsync(resource, cancellationToken),
            Volumes = [.. VolumesOf(resource)],
            HealthCommand = resource.Annotations.OfType<HealthCommandAnnotation>().LastOrDefault()?.Command,
            Dependencies = [.. DependenciesOf(resource).DistinctBy(dependency => dependency.Service)],
            IsOneShot = _oneShots.Contains(resource),
            DoneCommand = resource.Annotations.OfType<DoneAnnotation>().LastOrDefault()?.Command,
            UserId = user,
            WritableFolders = [.. resource.Annotations.OfType<WritableFolderAnnotation>().Select(folder => folder.Path).Prepend("/tmp").Distinct()],
            Alive = health is not null ? new(health.Port, health.AlivePath, IsOverTls(resource, health.Port)) : GreetingOf(resource),
            Ready = health is null ? null : new(health.Port, health.ReadyPath, IsOverTls(resource, health.Port)),
            Needs = resource.Annotations.OfType<ResourceNeedsAnnotation>().LastOrDefault() is { } needs ? new(needs.Processor, needs.Memory, needs.MemoryLimit) : Little,
            IsReplaceable = resource.Annotations.OfType<ReplaceableAnnotation>().Any(),
            Certificate = files is null ? null : CertificateOf(files, user, resource),
        };
        return resource.Annotations.OfType<ClusterAnnotation>().LastOrDefault() is { } cluster
            ? service with { InCluster = InClusterOf(service, cluster, resource) }
            : service;
    }

    private static PublishedService InClusterOf(PublishedService service, ClusterAnnotation cluster, IResource resource)
    {
        var variables = service.Environment.Where(variable => !cluster.Environment.ContainsKey(variable.Key))
            .Concat(cluster.Environment.Where(variable => variable.Value is not null).Select(variable => KeyValuePair.Create(variable.Key, TextOf(variable.Value!, resource))));
        return service with
        {
            Instances = cluster.Instances,
            Arguments = [.. service.Arguments.Where(argument => argument.Settings.Any() || !cluster.LeftOut.Contains(argument.Write(text => text, _ => "")))],
            OnceArguments = [.. cluster.OnceArguments.Select(PublishedText.Of)],
            Environment = variables.ToDictionary(),
            Volumes = cluster.KeepsElsewhere ? [] : service.Volumes,
            Outside = [.. cluster.Outside.Select(outside => new PublishedOutside(outside.Key, outside.Value))],
        };
    }

    /// <summary>What the program itself answers over HTTP, to tell it from others.</summary>
    private static PublishedQuestion? GreetingOf(IResource resource) =>
        resource.Annotations.OfType<ListenerAnnotation>().FirstOrDefault(listener => listener is { IsLoopbackOnly: false, Greeting.Path: not null }) is { } listener
            ? new(listener.Port, listener.Greeting.Path!, listener.Greeting.IsOverTls)
            : null;

    private static bool IsOverTls(IResource resource, int port) =>
        resource.Annotations.OfType<ListenerAnnotation>().SingleOrDefault(listener => listener.Port == port)?.Greeting.IsOverTls ?? false;

    private static IEnumerable<PublishedText> WatchOf(IResource resource, CertificateFilesAnnotation? files) => files?.Watched is { } program
        ? CertificateWatch.Arguments((resource as ContainerResource)?.Entrypoint ?? program, files.Reload).Select(PublishedText.Of)
        : [];

    private static PublishedCertificate CertificateOf(CertificateFilesAnnotation files, int? user, IResource resource) => new(
        files.Authority.Name,
        [.. files.Names.Select(PublishedText.Of), .. files.FurtherNames.Select(name => TextOf(name, resource))],
        files.Owner ?? user,
        files.IsReadOnce);

    /// <summary>Reads an authority.</summary>
    public static PublishedAuthority AuthorityOf(CertificateAuthorityResource authority) => new(
        authority.Name,
        authority.CertificateLifetime,
        authority.Annotations.OfType<SignerAnnotation>().LastOrDefault() is { } signer
            ? new(ImageOf(signer.Program), PullPolicyOf(signer.Program), signer.Command)
            : null);

    private static ImagePullPolicy? PullPolicyOf(IResource resource) => resource.Annotations.OfType<ContainerImagePullPolicyAnnotation>().LastOrDefault()?.ImagePullPolicy;

    private static PublishedText ImageOf(IResource resource) =>
        resource is not ProjectResource && resource.TryGetContainerImageName(out var image)
            ? PublishedText.Of(image)
            : PublishedText.Of(new PublishedSetting($"{Capitals(resource.Name)}_IMAGE", $"Container image name for {resource.Name}", Default: null, IsSecret: false));

    private async Task<IReadOnlyList<PublishedText>> ArgumentsOfAsync(IResource resource, CancellationToken cancellationToken)
    {
        var arguments = new List<object>();
        var context = new CommandLineArgsCallbackContext(arguments, resource, cancellationToken) { ExecutionContext = execution };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return [.. arguments.Select(argument => TextOf(argument, resource))];
    }

    private async Task<IReadOnlyDictionary<string, PublishedText>> EnvironmentOfAsync(IResource resource, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, object>();
        var context = new EnvironmentCallbackContext(execution, resource, variables, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return variables.ToDictionary(variable => variable.Key, variable => TextOf(variable.Value, resource));
    }

    private async Task<IReadOnlyList<PublishedFile>> FilesOfAsync(IResource resource, CancellationToken cancellationToken)
    {
        var files = new List<PublishedFile>();
        foreach (var annotation in resource.Annotations.OfType<ContainerFileSystemCallbackAnnotation>())
        {
            var items = await annotation.Callback(new() { Model = resource, Services = execution.Services }, cancellationToken);
            foreach (var item in items)
            {
                await AddAsync(item, annotation.DestinationPath);
            }

            async Task AddAsync(ContainerFileSystemItem item, string folder)
            {
                var path = $"{folder}/{item.Name}";
                if (item is ContainerDirectory directory)
                {
                    foreach (var entry in directory.Entries)
                    {
                        await AddAsync(entry, path);
                    }
                }
                else if (item is ContainerFileBase file)
                {
                    var content = file.Contents ?? await File.ReadAllTextAsync(file.SourcePath!, cancellationToken);
                    files.Add(new(
                        path, ContentOf(content), item.Owner ?? annotation.DefaultOwner, item.Group ?? annotation.DefaultGroup, item.Mode == 0 ? null : item.Mode));
                }
            }
        }

        return files;
    }

    /// <summary>A file that is one parameter says so as Aspire's manifest does.</summary>
    private PublishedText ContentOf(string content) =>
        model.Resources.OfType<ParameterResource>().FirstOrDefault(parameter => parameter.ValueExpression == content) is { } parameter
            ? PublishedText.Of(SettingOf(parameter))
            : PublishedText.Of(content);

    private static PublishedText TextOf(object value, IResource resource) => value switch
    {
        string text => PublishedText.Of(text),
        ParameterResource parameter => PublishedText.Of(SettingOf(parameter)),
        IResourceBuilder<IResource> builder => TextOf(builder.Resource, resource),
        IResourceWithConnectionString connection => TextOf(connection.ConnectionStringExpression, resource),
        ReferenceExpression { IsConditional: false } expression =>
            PublishedText.Of(expression.Format, [.. expression.ValueProviders.Select(provider => TextOf(provider, resource))]),
        IFormattable number => PublishedText.Of(number.ToString(null, CultureInfo.InvariantCulture)),
        _ => throw new DistributedApplicationException(
            $"'{resource.Name}' is given a {value.GetType().Name}, which cannot be published. Give it a text, a parameter or an expression of these."),
    };

    /// <summary>The one parameter that an expression is.</summary>
    public static PublishedSetting SettingOf(ReferenceExpression expression) =>
        expression.ValueProviders is [ParameterResource parameter] && expression.Format == "{0}"
            ? SettingOf(parameter)
            : throw new DistributedApplicationException($"'{expression.ValueExpression}' is to be one parameter and nothing else, for whoever deploys to give.");

    private static PublishedSetting SettingOf(ParameterResource parameter) =>
        new(
            Capitals(parameter.Name),
            parameter.Description ?? $"Parameter {parameter.Name}",
            // A generated secret is of the machine that generated it.
            parameter.Secret ? null : parameter.Default?.GetDefaultValue(),
            parameter.Secret,
            parameter.Annotations.OfType<MadeByAnnotation>().LastOrDefault()?.Command);

    private static string Capitals(string name) => name.ToUpperInvariant().Replace('-', '_');

    private static IEnumerable<PublishedEntry> EntriesOf(IResource resource) =>
        from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
        where endpoint is { Port: not null, TargetPort: not null }
        select new PublishedEntry(endpoint.Port!.Value, endpoint.TargetPort!.Value);

    private static IEnumerable<PublishedVolume> VolumesOf(IResource resource)
    {
        foreach (var mount in resource.Annotations.OfType<ContainerMountAnnotation>())
        {
            yield return mount is { Type: ContainerMountType.Volume, Source: { } source }
                ? new(source, mount.Target, mount.IsReadOnly)
                : throw new DistributedApplicationException(
                    $"'{resource.Name}' mounts {mount.Source ?? "a volume without a name"} at {mount.Target}, which another machine does not have. Name a volume, or give it files.");
        }
    }

    /// <summary>What is no service, such as the topology, stands for all that it waits for itself.</summary>
    private IEnumerable<PublishedDependency> DependenciesOf(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().SelectMany(wait => _services.Contains(wait.Resource)
            ? [new(wait.Resource.Name, ConditionOf(wait))]
            : DependenciesOf(wait.Resource));

    private static PublishedCondition ConditionOf(WaitAnnotation wait) =>
        wait.WaitType == WaitType.WaitForCompletion ? PublishedCondition.Completed
        : wait.Resource.Annotations.OfType<HealthCommandAnnotation>().Any() ? PublishedCondition.Healthy
        : PublishedCondition.Started;
}
