namespace NovaId.AppHost.Tests.Libraries;

/// <summary>A model with nothing in it.</summary>
internal static class NewModel
{
    /// <summary>Begins one. Where orchestrator and dashboard are, an AppHost's assembly says.</summary>
    public static IDistributedApplicationBuilder Create() => DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        AssemblyName = typeof(Projects.PrivateOry_AppHost).Assembly.GetName().Name,
        DisableDashboard = true,
    });
}
