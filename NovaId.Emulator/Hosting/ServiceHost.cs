using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NovaId.Emulator.Network;

namespace NovaId.Emulator.Hosting;

/// <summary>Hosts for the services: Kestrel on the private network, and nothing read from the machine's own settings.</summary>
internal static class ServiceHost
{
    /// <summary>A builder whose application listens on the given ports of one name, and on no port of the machine.</summary>
    public static WebApplicationBuilder CreateBuilder(ServiceContext context, string host, params ReadOnlySpan<int> ports)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "NovaId.Emulator",
            EnvironmentName = Environments.Development,
        });
        var endPoints = ports.ToArray();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            TakeWhatGoTakes(kestrel.Limits);
            foreach (var port in endPoints)
            {
                kestrel.Listen(new PrivateEndPoint(host, port));
            }
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IConnectionListenerFactory>(new PrivateTransport(context.Network));
        builder.Services.Replace(ServiceDescriptor.Singleton(context.Loggers));
        builder.Services.TryAddSingleton(context.Time);
        return builder;
    }

    /// <summary>Lets a request line and headers be as long as Go's server takes them: a megabyte together.</summary>
    public static void TakeWhatGoTakes(KestrelServerLimits limits)
    {
        const int Headers = (1024 * 1024) + 4096;
        limits.MaxRequestBufferSize = 2 * Headers;
        limits.MaxRequestLineSize = Headers;
        limits.MaxRequestHeadersTotalSize = Headers;
        limits.MaxRequestHeaderCount = Headers / "a:\r\n".Length;
    }

    /// <summary>Maps the endpoints of one port of the service; the other ports do not know them.</summary>
    public static void UsePort(this WebApplication app, int port, Action<IEndpointRouteBuilder> map) =>
        app.MapWhen(
            http => http.Connection.LocalPort == port,
            branch =>
            {
                branch.UseRouting();
                branch.UseEndpoints(map);
            });
}
