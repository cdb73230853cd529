namespace Aspire.Hosting;

/// <summary>Adds Keto.</summary>
public static class KetoBuilderExtensions
{
    private const string Ask = "wget -q -T 3 -O /dev/null http://127.0.0.1";

    /// <summary>Adds Keto with a generated secret and the least of a configuration: no namespace, tuples kept in memory.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, and the host name on its networks.</param>
    /// <param name="persistSecrets">Whether the next start finds the same secret, in the user secrets of the AppHost.</param>
    /// <returns>Keto.</returns>
    public static IResourceBuilder<KetoResource> AddKeto(this IDistributedApplicationBuilder builder, [ResourceName] string name, bool persistSecrets = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddOryService(new KetoResource(name))
            .WithIconName("ShieldCheckmark")
            .WithSecrets(persistSecrets, "pagination")
            .WithListener(KetoResource.ReadPort, OryServiceBuilderExtensions.Alive)
            .WithListener(KetoResource.WritePort, OryServiceBuilderExtensions.Alive)
            .WithListener(KetoResource.MetricsPort, Greeting.Metrics("/metrics/prometheus"), isLoopbackOnly: true)
            .WithListener(KetoResource.SyntaxPort, OryServiceBuilderExtensions.Alive, isLoopbackOnly: true)
            .WithContainerHealthCheck($"{Ask}:{KetoResource.ReadPort}/health/ready && {Ask}:{KetoResource.WritePort}/health/ready")
            .WithFaultSwitches();
    }
}
