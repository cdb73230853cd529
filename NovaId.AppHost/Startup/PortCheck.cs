using System.Net;
using System.Net.Sockets;
using NovaId.AppHost.Configuration;

namespace NovaId.AppHost.Startup;

/// <summary>Says that a port is in use before anything starts that would wait for it in vain.</summary>
internal static class PortCheck
{
    /// <exception cref="ZoneConfigurationException">Something listens there already, or the address cannot be listened on.</exception>
    public static void EnsureFree(string address, int port, string? key)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Parse(address), port);
            listener.Start();
        }
        catch (SocketException exception)
        {
            var place = new IPEndPoint(IPAddress.Parse(address), port);
            var otherwise = key is null ? "" : $", or choose another port: --{key}=…";
            throw new ZoneConfigurationException($"{place} cannot be listened on ({exception.SocketErrorCode}). Stop what uses it{otherwise}.", exception);
        }
    }

    /// <summary>Whether this machine has the loopback address ::1.</summary>
    public static bool HasIPv6Loopback()
    {
        try
        {
            using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Checks a port of the loopback addresses.</summary>
    /// <exception cref="ZoneConfigurationException">Something listens there already.</exception>
    public static void EnsureFree(int port, string key)
    {
        EnsureFree("127.0.0.1", port, key);
        if (HasIPv6Loopback())
        {
            EnsureFree("::1", port, key);
        }
    }

    /// <summary>Checks a port of the loopback addresses when the application is about to start.</summary>
    public static IDistributedApplicationBuilder EnsureFreeAtStart(this IDistributedApplicationBuilder builder, int port, string key)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Eventing.Subscribe<BeforeStartEvent>((_, _) =>
            {
                EnsureFree(port, key);
                return Task.CompletedTask;
            });
        }

        return builder;
    }
}
