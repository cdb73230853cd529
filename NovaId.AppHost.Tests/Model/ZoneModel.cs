using Aspire.Hosting.Testing;

namespace NovaId.AppHost.Tests.Model;

/// <summary>The application's model, built and not started: no container engine is asked.</summary>
internal static class ZoneModel
{
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(params string[] settings) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.NovaId_AppHost>(
            ["--Zone:KeepData=false", "--Zone:GatewayPort=0", .. settings], TestContext.Current.CancellationToken);
}
