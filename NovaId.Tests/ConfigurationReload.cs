using System.Runtime.CompilerServices;

namespace NovaId.Tests;

/// <summary>
/// No program of the tests watches its configuration files: there are hundreds of them, and a system bounds the watchers of a user. Programs
/// that the tests start inherit it.
/// </summary>
internal static class ConfigurationReload
{
    [ModuleInitializer]
    public static void Disable() => Environment.SetEnvironmentVariable("DOTNET_HOSTBUILDER__RELOADCONFIGONCHANGE", "false");
}
