using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace NovaId.AppHost.Tests.Model;

/// <summary>The application's model, composed and not built: no container engine is asked.</summary>
internal static class ZoneModel
{
    /// <summary>Composes the model. Nobody builds it or disposes of the builder: either lets the application's own program go on, which
    /// starts it. The program waits in the background until the tests end.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(params string[] settings) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.NovaId_AppHost>(
            ["--Zone:KeepData=false", "--Zone:GatewayPort=0", .. settings], TestContext.Current.CancellationToken);

    /// <summary>What the model's callbacks are told: that the application is run, and what is in it.</summary>
    public static DistributedApplicationExecutionContext ExecutionOf(IDistributedApplicationBuilder builder)
    {
        var services = new ServiceCollection().AddSingleton(new DistributedApplicationModel(builder.Resources)).BuildServiceProvider();
        return new(new DistributedApplicationExecutionContextOptions(DistributedApplicationOperation.Run) { Services = services });
    }
}
