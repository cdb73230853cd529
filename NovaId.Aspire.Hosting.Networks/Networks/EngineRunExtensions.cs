namespace Aspire.Hosting;

/// <summary>
/// Containers that the engine's client runs and that end with it, in place of Aspire. It gives them one network, on which they stand from
/// their first moment to their last.
/// </summary>
public static class EngineRunExtensions
{
    /// <summary>Adds a program that is the engine's client and runs one container, which may write nothing but a temporary folder.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="create">Makes the resource: its name, the client's program, and where that runs.</param>
    /// <param name="name">The name of the resource, and the host name on the network.</param>
    /// <param name="image">Says the image when the application starts.</param>
    /// <param name="network">The network.</param>
    /// <param name="options">Says more options of <c>docker run</c> when the application starts.</param>
    /// <param name="command">What the container is told to do; nothing is what the image says.</param>
    /// <typeparam name="T">The kind of resource.</typeparam>
    /// <returns>The program.</returns>
    public static IResourceBuilder<T> AddEngineRun<T>(
        this IDistributedApplicationBuilder builder,
        Func<string, string, string, T> create,
        string name,
        Func<string> image,
        ContainerNetworkResource network,
        Func<string[]> options,
        params string[] command)
        where T : ExecutableResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        var container = $"{name}-{builder.Instance()}";
        var resource = create(name, new ContainerEngine(builder.Configuration).Program, builder.AppHostDirectory);
        return builder.AddResource(resource)
            .WithAnnotation(new ContainerNameAnnotation { Name = container })
            .WithAnnotation(new NetworkAttachmentAnnotation(network))
            .WithArgs(async context =>
            {
                Add("run", "--rm", "--init", "--name", container, "--network", network.EngineName, "--network-alias", name);
                Add([.. Confinement.Options, .. NameServer.Options, .. options()]);
                foreach (var alias in resource.Annotations.OfType<HostAliasAnnotation>())
                {
                    Add("--add-host", $"{alias.Name}:{alias.Network.HostAddress}");
                }

                foreach (var folder in resource.Annotations.OfType<CertificateFilesAnnotation>().Select(files => files.OfThisMachine).OfType<CertificateFolder>())
                {
                    Add("--mount", $"type=bind,source={folder.Path},target={CertificateFiles.Folder},readonly");
                }

                // By name alone: the client passes on what it finds in its own environment, and no value stands in a process list.
                foreach (var variable in await VariablesAsync(resource, context))
                {
                    Add("--env", variable);
                }

                Add(image());
                Add(command);

                void Add(params string[] arguments)
                {
                    foreach (var argument in arguments)
                    {
                        context.Args.Add(argument);
                    }
                }
            });
    }

    private static async Task<IReadOnlyList<string>> VariablesAsync(ExecutableResource resource, CommandLineArgsCallbackContext context)
    {
        var variables = new Dictionary<string, object>();
        var environment = new EnvironmentCallbackContext(context.ExecutionContext, resource, variables, context.CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(environment);
        }

        return [.. variables.Keys.Order(StringComparer.Ordinal)];
    }
}
